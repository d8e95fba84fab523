export const verify = {
  origins: {
    imported: 'Imported',
    merged: (parts: string, of: string) => `Merged from ${parts} of ${of} parts`,
    rerun: 'Share asked again',
    part: (part: string, of: string) => `Part ${part} of ${of}`,
    doubtful: 'File was changed',
  },

  open: {
    button: 'Open a file…',
    label: 'Files from other machines',
    hint: 'Open or drop the receipt (JSON) of a run, or the plan of a split run. Nothing leaves this computer.',
    drop: 'Drop the file to open it',
    reading: (name: string) => `Reading “${name}”…`,
    checking: (name: string) => `Checking what “${name}” says about itself…`,
    storing: (name: string) => `Storing the run of “${name}”…`,
    imported: (run: string) => `“${run}” was imported.`,
    importedBefore: (run: string) => `This file was imported before, as “${run}”. Nothing was changed.`,
    doubtful:
      'The file does not hold together: it was changed after it was written, or not written by Somnus.',
    doubtfulChecks: (checks: string) =>
      `Does not hold: ${checks}. It was imported all the same and is marked.`,
    withheld: (count: string) =>
      `${count} answers came without their questions. Scores are complete. To see the texts as well, store the same dataset here, delete this run and open the file again.`,
    look: 'See the result',
    failed: (name: string) => `“${name}” cannot be opened`,
  },

  problems: {
    tooLarge: (size: string, limit: string) => `The file has ${size}; at most ${limit} can be read.`,
    unreadable: 'The browser could not read the file. Was it moved or changed? Choose it again.',
    notJson: 'It is not JSON, or it is cut off.',
    notJsonAt: (answer: string) => `It is not JSON from answer ${answer} on: it is cut off or damaged there.`,
    tooLong: (limit: string) => `It has more than ${limit} characters outside its answers.`,
    answerTooLong: (answer: string, limit: string) => `Answer ${answer} has more than ${limit} characters.`,
    tooMany: (limit: string) => `It has more than ${limit} answers.`,
    otherFormat:
      'It is neither the receipt (JSON) of a run nor the plan of a split run. Tables (CSV), Inspect logs and comparisons cannot be imported.',
    otherVersion: (version: string) =>
      `It has format version ${version}, which this app does not know. Open it with a newer Somnus.`,
    inconsistent: (event: string) =>
      `Its sessions and pauses cannot have happened in this order (at the event “${event}”), or not all with the same weights.`,
    storageFull: 'The storage is full; nothing was stored. Delete runs or models, then open the file again.',
    storageFailed: 'The run could not be stored. Reload the page and try again.',
    misfit: (place: string, expected: string, found: string) =>
      `At ${place}: expected ${expected}, found ${found}.`,
    misfitAnswer: (answer: string, place: string, expected: string, found: string) =>
      `Answer ${answer}, at ${place}: expected ${expected}, found ${found}.`,
    wholeFile: 'the beginning',
  },

  expected: {
    object: 'an object',
    list: 'a list',
    text: 'a text',
    number: 'a number',
    'whole-number': 'a whole number',
    'truth-value': 'true or false',
    present: 'a value',
    sha256: 'a SHA-256 of 64 hexadecimal digits',
    letter: 'a letter from A to Z',
    once: 'a question that the file has only once',
    positions: 'a list of whole numbers from 0, one for each question',
    atMostLong: (limit: string) => `a length of at most ${limit}`,
    atLeastLong: (limit: string) => `a length of at least ${limit}`,
    from: (limit: string) => `at least ${limit}`,
    above: (limit: string) => `more than ${limit}`,
    upTo: (limit: string) => `at most ${limit}`,
    oneOf: (values: string) => `one of ${values}`,
    asPlanned: (value: string) => `${value}, as the rest of the file says`,
  },

  fileChecks: {
    'file-hash': 'Hash of the file',
    'results-hash': 'Hash of the answers',
    receipt: 'Summary at the head',
    tables: 'Tables',
    'item-hashes': 'Hashes of the items',
  },

  card: {
    title: 'Verify this run',
    text: 'Everything that the run says and that can be computed again is computed again: hashes, sample, items, letters, counts, times. It shows edits and mistakes. It cannot show a reply that no model gave; to see that, ask a share again on your own device.',
    start: 'Verify',
    again: 'Verify again',
    cancel: 'Cancel',
    dataset: 'Reading the dataset',
    answers: 'Checking the answers',
    progress: (done: string, total: string) => `${done} of ${total}`,
    failed: 'The run could not be verified',
    passedAll: 'Everything checked is as it should be.',
    passedSome: (unchecked: string) =>
      `Nothing is wrong in what was checked; ${unchecked} could not be made.`,
    failedSome: (failed: string) => `${failed} failed: this run is not what it says, or not in every place.`,
    checkCount: (count: number, formatted: string) =>
      count === 1 ? `${formatted} check` : `${formatted} checks`,
    by: (app: string, at: string) =>
      `Verified with Somnus ${app}, ${at}. Letters were read again by its extractions.`,
    export: 'Save what was found (JSON)',
    check: 'Check',
    outcome: 'Outcome',
    details: 'Details',
    fromFile: 'The file, when it was imported',
    fromRun: 'The run, computed again here',
    outcomes: { passed: 'Passed', failed: 'Failed', unchecked: 'Not checked' },
    compared: (count: string) => `${count} compared`,
    differ: (failed: string, checked: string) => `${failed} of ${checked} differ`,
    skipped: (count: string, reason: string) => `${count} not: ${reason}`,
    answersList: (answers: string) => `Answers ${answers}`,
    findings: (shown: string, all: string) => (shown === all ? `All ${all}` : `The first ${shown} of ${all}`),
    answer: 'Answer',
    item: 'Item',
    expected: 'Computed',
    found: 'In the run',
    wholeRun: 'Whole run',
  },

  checks: {
    prompts: 'The words of the prompts have the hash that the run names',
    dataset: 'The dataset stored here has the items that the run names',
    sample: 'Drawing again from the seed gives these questions',
    'asked-list': 'The questions asked have the hash that the run names',
    items: 'Each item is that of the dataset',
    official: 'Official letters, read again from the replies',
    strict: 'Strict letters, read again from the replies',
    choices: 'Answers, chosen again from the stored replies',
    forward: 'Letters of the forward pass, from the probabilities',
    counts: 'Counts, from the answers',
    times: 'Tokens and times are possible',
  },

  fileCheckLong: {
    'file-hash': 'The file has the hash that it ends with',
    'results-hash': 'The answers have the hash that its head names',
    receipt: 'The summary at its head says what plan and sessions say',
    tables: 'The tables are those of the answers',
    'item-hashes': 'Each item has the hash that stands beside it',
  },

  reasons: {
    'no-dataset': 'the dataset with these items is not stored in this browser',
    'no-text': 'the file left out the questions',
    'not-recorded': 'the run does not record it, or was not answered to its end',
  },
  notInFile: 'the file does not say',

  again: {
    title: 'Ask a share again',
    text: 'Asks some of the items once more on this device, with the same model, words and decoding, and shows how many letters change.',
    count: 'Items',
    countHint: (available: string) =>
      `1 to ${available}, drawn at random. The draw is yours: nobody can know it before.`,
    countError: (available: string) => `A whole number from 1 to ${available}`,
    start: 'Ask again',
    loading: 'Loading the model and comparing its weights…',
    busy: 'Another run is being answered. Pause it first.',
    problemTitle: 'These items cannot be asked again here',
    noDataset: (name: string) =>
      `The dataset “${name}” is not stored in this browser. Import it on the Benchmark page; its items must have the hash`,
    noModel: (name: string, quantization: string) =>
      `The model ${name} (${quantization}) is not known here. Add it on the Models page; its weights must have the fingerprint`,
    otherWeights: 'The model of that name has other weights here. Expected and found:',
    noExamples: (pool: string) =>
      `The worked examples came without their texts. Store the dataset “${pool}” here, delete this run and open its file again.`,
  },

  flips: {
    title: 'Asked again',
    text: (name: string) => `The same items as in “${name}”, asked again.`,
    missing: 'The run whose items were asked again is not in this browser, so nothing can be compared.',
    reading: 'Reading the run that was asked again…',
    scoring: 'Letters by',
    rate: 'Flip rate',
    rateOf: (count: string, n: string) => `${count} of ${n} letters changed`,
    interval: (lower: string, upper: string) => `95% interval ${lower} to ${upper}`,
    kinds: {
      'right-to-wrong': 'Right to wrong',
      'wrong-to-right': 'Wrong to right',
      'wrong-to-other': 'Wrong to another wrong',
    },
    sameReplies: (count: string, n: string) => `${count} of ${n} replies are the same to the character.`,
    forward: (largest: string, median: string) =>
      `Probabilities of the letters changed by at most ${largest}, by ${median} in the median item.`,
    devices: 'Devices',
    before: 'Before',
    after: 'Now',
    list: 'Items whose letter changed',
    none: 'No letter changed.',
    detail: (id: string) => `Item ${id}`,
    compare: 'Compare both runs',
  },

  merge: {
    button: 'Merge',
    hint: 'Parts of one split run become one run; the parts stay.',
    working: 'Merging…',
    done: (name: string) => `The parts were merged into “${name}”.`,
    missing: 'A chosen run is no longer there.',
    title: 'These runs do not belong together',
    tooFew: 'Choose at least two parts of one split run.',
    noPart: (run: string) => `“${run}” is not a part of a split run.`,
    noAnswers: (run: string) => `“${run}” has no answers yet.`,
    samePart: (part: string, one: string, other: string) => `“${one}” and “${other}” are both part ${part}.`,
    overlap: (items: string, one: string, other: string) => `“${one}” and “${other}” share ${items} items.`,
    wrongSize: (run: string, items: string, expected: string) =>
      `“${run}” has ${items} items; its part of this plan has ${expected}.`,
    field: (field: string) => `${field} differs:`,
    fields: {
      items: 'Items of the dataset (hash)',
      weights: 'Weights (fingerprint)',
      library: 'Library of the engine (hash)',
      tokenizer: 'Tokenizer (hash)',
      quantization: 'Quantization',
      protocol: 'Protocol',
      prompts: 'Prompts (hash)',
      examples: 'Worked examples',
      design: 'Design of the sample',
      languages: 'Languages',
      levels: 'Levels',
      sampleSize: 'Size of the sample',
      seed: 'Seed of the sample',
      strata: 'Levels × languages drawn',
      rotationShare: 'Share of rotated items',
      temperature: 'Temperature',
      topP: 'Top-p',
      maxTokens: 'Most new tokens',
      decodingSeed: 'Seed of decoding',
      strategy: 'Replies per question',
      minutes: 'Budget in minutes',
      halfWidth: 'Budget of precision',
      of: 'Number of parts',
      app: 'Version of the app',
    },
  },

  plan: {
    save: 'Save the plan for other machines',
    saveHint:
      'The other machines open this file, choose their part, and send their exported runs back for merging.',
    title: (name: string) => `Plan of a split run: ${name}`,
    text: 'Each machine answers another part; the parts can be merged afterwards.',
    model: 'Model',
    dataset: 'Dataset',
    protocol: 'Protocol',
    prompts: 'Prompts',
    parts: 'Parts',
    app: 'App',
    part: 'Part of this machine',
    partOption: (part: string, of: string) => `${part} of ${of}`,
    start: 'Start this part',
    noDataset: (name: string) =>
      `The dataset “${name}” is not stored here. Import it on the Benchmark page; its items must have the hash`,
    noPool: (name: string) =>
      `The examples come from the dataset “${name}”, which is not stored here. Its items must have the hash`,
    noModel: (name: string, quantization: string) =>
      `The model ${name} (${quantization}) is not known here. Add it on the Models page.`,
    otherWeights: 'The weights of this model are others here. Expected and found:',
    promptsDiffer: 'The words of the prompts do not have the hash that the file names: it was changed.',
    otherApp: (there: string, here: string) =>
      `The plan was made with Somnus ${there}; here is ${here}. Parts of different versions cannot be merged.`,
  },

  noText:
    'The file of this run left out the text of this question. Its number of options, its key and its hash were kept.',
}
