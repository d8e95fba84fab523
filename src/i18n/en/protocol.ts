export const protocol = {
  legend: 'Protocol',
  names: {
    generate: 'Step by step (official)',
    letters: 'Single forward pass',
    both: 'Both',
  },
  texts: {
    generate:
      'The model reasons in words and names an option; the letter is read from its reply. Published AnesBench scores are made this way.',
    letters:
      'The model reads the question once, and the probability it gives each option letter is taken exactly. It neither reasons nor writes.',
    both: 'First the written reply, then the pass: also shows how often the two name different letters.',
  },
  costs: {
    generate: 'Slow: it writes hundreds of words per question.',
    letters: 'Fast: it takes as long as reading the question. The score can be far from the official one.',
    both: 'As slow as step by step, and a little more.',
  },
  prompts: 'Prompt',
  promptsHint: 'The words around each question.',
  promptsOption: (name: string, version: string) => `${name} (version ${version})`,
  managePrompts: 'View, edit or share prompts',
  notOfficialPrompts: 'Other words than AnesBench’s: the score cannot be compared with official ones.',

  more: 'Options rotated, worked examples',
  moreNone: 'none',
  moreRotation: (percent: string) => `${percent}% rotated`,
  moreShots: (count: string) => `worked examples: ${count}`,
  rotation: 'Share of the questions asked again with rotated options, in %',
  rotationHint:
    'The same question directly again, its options under other letters: shows how often an answer follows the content, and how often the letter. These extra answers count towards no accuracy. Each costs as much as one more question.',
  pool: 'Worked examples from',
  poolNone: 'None (official)',
  poolOption: (name: string, items: string) => `${name} (${items} questions)`,
  poolHint:
    'Solved questions go before each question, in its language, drawn by the seed. They make every question longer to read.',
  poolSame:
    'Examples and questions come from one dataset: no question is its own example, but some may resemble each other.',
  poolLacks: (languages: string) =>
    `Besides the questions asked, too few examples are left in: ${languages}.`,
  shotCount: 'Examples per question',
  invalid: {
    rotation: 'A number from 0 to 100.',
    shots: (most: string) => `A whole number from 1 to ${most}.`,
    parts: (most: string) => `A whole number from 2 to ${most}.`,
    part: (parts: string) => `A whole number from 1 to ${parts}.`,
  },

  design: 'How the sample is drawn',
  designs: {
    proportional: 'In proportion (stratified)',
    equal: 'Equal numbers of each',
    simple: 'At random over all',
  },
  designHints: {
    proportional: 'Each language and level has the same share in the sample as in the dataset.',
    equal:
      'Each language and level gets the same number, so rare ones are known as well as common ones. Totals are weighted.',
    simple: 'Any question is as likely as any other. Only so may a run stop as soon as it is precise enough.',
  },

  split: 'Several machines',
  splitWhole: 'this machine asks all',
  splitPart: (part: string, parts: string) => `part ${part} of ${parts}`,
  splitUse: 'This machine asks only a part of the questions',
  part: 'Part',
  parts: 'of',
  splitHint:
    'Set up the same run on every machine: same dataset, choices, seed and version of Somnus, each with a part of its own. Export each when it is done, import all on one machine and merge them there.',
  splitOwn: (own: string, all: string) => `This machine asks ${own} of the ${all} questions.`,

  startPlus: (items: string, rotated: string) => `Start: ${items} questions, up to ${rotated} of them twice`,

  received: 'What the model receives',
  receivedText: 'The first question of this run, exactly as it is sent.',
  receivedNone: 'Nothing can be shown until the form is complete.',
  receivedLoading: 'Putting the messages together…',
  receivedFailed:
    'The first question cannot be shown: the dataset or the examples’ pool has too few questions, or is gone.',
  receivedRotated: (places: string) =>
    `This question is asked again right after, with its options moved on by ${places}.`,
  messagesOf: {
    'chain-of-thought': 'For the written reply',
    'letter-only': 'For the single forward pass',
  },
  exampleMark: (number: string) => `worked example ${number}`,
  emptySystem: 'No system message is sent.',

  probability: 'Probability',
  probabilities: 'Letter probabilities of the single forward pass',
  tie: 'Two letters are equally probable, so the pass names none.',
  passTime: 'Forward pass',

  again: (places: string) => `Asked again, options moved on by ${places}`,
  againMark: 'Asked again with rotated options',
  followed: {
    content: 'The second answer followed the content: the same option under its new letter.',
    letter: 'The second answer followed the letter: the same letter, now another option.',
    neither: 'The second answer followed neither the content nor the letter.',
  },

  mismatch: {
    title: 'Reply against forward pass',
    text: 'How often the written reply and the single forward pass of the same model do not name the same letter. Where this is common, letter probabilities do not speak for the replies.',
    readBy: 'Reply read by',
    rate: 'Different letters',
    sentence: (count: string, n: string, percent: string, interval: string) =>
      `${count} of ${n} answers (${percent}; 95% interval ${interval}).`,
    unread: (count: string) => `In ${count} of these, the reply or the pass named no letter at all.`,
    caption: 'Mismatch rate with its Wilson 95% interval.',
    scroll: 'Mismatch table, scrolls sideways',
    group: 'Items',
    share: 'Mismatch rate',
    different: 'Different',
    noLetter: 'No letter',
  },

  effect: {
    title: 'Option rotation',
    text: 'Questions asked twice, the second time with their options under other letters. A model that knows the answer follows the content.',
    judgedBy: 'Judge by',
    pairs: (count: string) => `${count} questions were answered both ways.`,
    none: 'No question was answered both ways yet.',
    unrotatable: (count: string, all: string) =>
      `${count} of the ${all} questions answered could not be rotated, as their options refer to each other (such as “all of the above”).`,
    caption: 'What the second answer followed, with Wilson 95% intervals.',
    scroll: 'Rotation table, scrolls sideways',
    followed: 'The second answer followed',
    kinds: { content: 'The content', letter: 'The letter', neither: 'Neither' },
    count: 'Questions',
    share: 'Share',
    unread: (count: string) => `In ${count} of these, one of the two answers had no letter.`,
    chance:
      'By the content counts also who guesses: with four options, one guess in four follows the content, and one in four the letter.',
    accuracy: 'Accuracy on these questions',
    plain: 'As in the dataset',
    rotated: 'Rotated',
    difference: (points: string, interval: string, p: string) =>
      `Rotated minus plain: ${points} (95% interval ${interval}; exact McNemar test, ${p}).`,
    notCounted: 'Rotated answers are part of no other number on this page.',
  },

  library: {
    title: 'Prompts',
    back: 'Benchmark',
    intro:
      'The words around each question. A run keeps its own copy, so editing or deleting prompts changes no result.',
    list: 'Prompt sets',
    builtIn: 'built in',
    version: (version: string) => `version ${version}`,
    inUse: 'used for the next run',
    use: 'Use for the next run',
    view: 'View',
    edit: 'Edit',
    copy: 'Edit under a new name',
    export: 'Export',
    delete: 'Delete',
    deleted: (name: string) => `“${name}” was deleted.`,
    failed: 'The prompts could not be stored. Free disk space or reload the page, and try again.',
    import: 'Import prompts from a file',
    imported: (name: string) => `“${name}” was imported.`,
    known: (name: string) => `“${name}” is here already, word for word.`,
    importFailed: {
      'too-large': (most: string) => `The file is larger than ${most}; no prompt set is.`,
      'not-json': () => 'The file is not JSON.',
      'not-prompts': () => 'The file is not a prompt set exported from Somnus.',
      'other-version': () => 'The file was exported by a newer version of Somnus.',
      invalid: () => 'The file holds prompts that could not be used: placeholders are missing or wrong.',
    },
  },

  editor: {
    newName: (name: string) => `${name}, edited`,
    title: (name: string) => `Edit “${name}”`,
    titleNew: (name: string) => `New prompts from “${name}”`,
    name: 'Name',
    kind: 'Used for',
    kinds: { 'chain-of-thought': 'Step by step', 'letter-only': 'Single forward pass' },
    language: 'Language of the questions',
    fields: { system: 'System message', user: 'Question', example: 'Answer in a worked example' },
    hints: {
      system: 'Sent first. Leave it empty to send none.',
      user: 'Needs {question} and {options}. {letters} is optional.',
      example: 'What the assistant is shown to have answered; needs {letter} or {text}.',
      exampleLetters: 'What the assistant is shown to have answered; needs {letter}.',
    },
    placeholders: 'Placeholders',
    placeholder: {
      '{letters}': 'the letters to choose from, “A, B, C and D”',
      '{question}': 'the text of the question',
      '{options}': 'the options, one “A. text” per line',
      '{letter}': 'the letter of the right option, in worked examples only',
      '{text}': 'the text of the right option, in worked examples only',
    },
    saveVersion: (version: string) => `Save as version ${version}`,
    saved: (name: string, version: string) => `“${name}” was saved as version ${version}.`,
    discard: 'Discard changes',
    unchanged: 'Nothing was changed yet.',
    problemsTitle: 'Before these prompts can be saved',
    where: (kind: string, language: string, field: string) => `${kind}, ${language}, ${field}`,
    problems: {
      'name-missing': 'Give the prompts a name.',
      'name-taken': 'Another prompt set has this name.',
      'name-too-long': (most: string) => `The name is longer than ${most} characters.`,
      'missing-placeholder': (placeholder: string) => `${placeholder} is missing.`,
      'unknown-placeholder': (placeholder: string) => `${placeholder} is not filled in here.`,
      'too-long': (most: string) => `The text is longer than ${most} characters.`,
    },
    preview: 'Preview',
    previewText: 'A real question as the model would receive it now.',
    previewWith: 'With a worked example',
    previewNone: 'Choose or import a dataset with a question in this language to see a preview.',
    nextQuestion: 'Next question',
  },
}
