export const compare = {
  title: 'Comparison',
  choose: 'Tick two or more runs to compare them on the questions they share.',
  chooseNamed: (name: string) => `Compare “${name}”`,
  chosen: (count: string, most: string) => `${count} chosen, at most ${most}`,
  compare: 'Compare',
  reading: (read: string, all: string) => `Reading the answers: run ${read} of ${all}…`,
  missingTitle: 'Not all of these runs are in this browser',
  missingText: 'One was deleted, or it was made in another browser or profile.',
  failed: 'The answers could not be read',
  named: (name: string, number: string) => `${name} (run ${number})`,
  list: (items: readonly string[]) => items.join(', '),
  points: (value: string) => `${value} points`,
  scoringLabel: 'Judge by',

  verdict: {
    title: 'Verdict',
    better: (better: string, worse: string, n: string, points: string, interval: string, p: string) =>
      `${better} is better than ${worse}: on ${n} common questions it was right more often by ${points} (95% interval ${interval}; exact McNemar test, ${p}).`,
    notDecisive: (first: string, second: string, n: string, points: string, interval: string, p: string) =>
      `Not decisive: on ${n} common questions, ${first} minus ${second} is ${points} (95% interval ${interval}), which chance alone could explain (exact McNemar test, ${p}).`,
    noCommon: 'Nothing to compare: these runs share no question.',
    oneLeads: (run: string, pairs: string) =>
      `${run} is better than each of the others, also after Holm’s correction for ${pairs} pairs.`,
    someDecided: (decided: string, pairs: string) =>
      `Partly decisive: ${decided} of ${pairs} pairs differ by more than chance could explain, after Holm’s correction.`,
    noneDecided: (pairs: string) =>
      `Not decisive: none of the ${pairs} pairs differs by more than chance could explain, after Holm’s correction.`,
    detectable: (points: string) =>
      `With this many questions, a true difference of less than about ${points} would often go unnoticed.`,
    undetectable: 'These are too few questions to find any difference reliably.',
    alsoDiffer: (what: string) =>
      `These runs also differ in: ${what}. The difference need not come from the model.`,
    differ: (what: string) => `One model under different conditions: ${what}.`,
    judgedOtherwise: (run: string, chosen: string, own: string) =>
      `${run} has no reading “${chosen}” and is judged by “${own}” instead, so this compares two ways of asking as well.`,
    sameKind: 'These runs were made under the same conditions.',
  },

  runs: {
    title: 'The runs',
    run: 'Run',
    answered: 'Answers',
    accuracy: (n: string) => `Accuracy on the ${n} questions that all share`,
    caption: 'The runs compared. Accuracies are over the questions that every one of them answered.',
    scroll: 'Table of runs, scrolls sideways',
  },

  accuracy: {
    title: 'Accuracy on the common questions',
    none: 'No question was answered by all of these runs. Look at them in pairs.',
    picture: 'Accuracy of each run by language and level',
    pictureText: 'Marks are accuracies, lines their Wilson 95% intervals, the dashed line pure chance.',
    caption:
      'Accuracy with its Wilson 95% interval on the common questions. “Chance” is the expected accuracy of guessing among their options.',
    scroll: 'Accuracy table, scrolls sideways',
    floor: 'Chance',
    published: 'Published',
  },

  published: {
    title: 'Published results',
    choose: 'Show a published result as a reference line',
    none: 'None',
    optionGroup: (source: string, confidence: string) => `${source} (${confidence})`,
    confidence: {
      verified: 'read at the source',
      'second-hand': 'second-hand, not checked against the paper',
    },
    warning:
      'Not the same questions: published scores rest on other editions of the benchmark (see their numbers of items) and on another wording of the prompt. A line is a landmark, not an opponent: no test against it is possible.',
    public: 'Today’s public files hold 4,343 English and 3,529 Chinese questions.',
    sets: {
      'anesbench-en-v1': 'AnesBench English, first version',
      amcqa: 'AMCQA, which is not the Chinese AnesBench and is never drawn here',
      'anesbench-en-paper': 'AnesBench English, as in the paper',
      'anesbench-zh-paper': 'AnesBench Chinese, as in the paper',
    },
    setItems: (set: string, items: string) => `${set} (${items} items)`,
    caption: (model: string) => `Published accuracy of ${model}`,
    set: 'Questions',
    all: 'All levels',
    source: 'Source',
    notAnesBench: 'These runs did not use AnesBench, so no published AnesBench result is shown beside them.',
  },

  pair: {
    titleBetween: (first: string, second: string) => `Difference: ${first} minus ${second}`,
    choose: 'Pair',
    between: (first: string, second: string) => `${first} minus ${second}`,
    picture: (first: string, second: string) => `Difference in accuracy, ${first} minus ${second}`,
    pictureText:
      'Marks are differences in percentage points, lines their 95% intervals (Tango). An interval that crosses the zero line leaves open which run is better.',
    firstBetter: (name: string) => `${name} better →`,
    secondBetter: (name: string) => `← ${name} better`,
    caption:
      'Only questions that both runs answered. “Chance” is the expected accuracy of guessing. p is the exact McNemar test of each line by itself; of several lines, some small p values come by chance.',
    scroll: 'Table of differences, scrolls sideways',
    n: 'n',
    onlyRight: (name: string) => `Only ${name} right`,
    difference: 'Difference, points',
    p: 'p',
    allPairs: 'All pairs',
    allPairsCaption:
      'Every two runs on the questions that both answered. The adjusted p value allows for the number of pairs (Holm); below 0.05 it counts as decisive.',
    allPairsScroll: 'Table of pairs, scrolls sideways',
    look: 'Look at',
    lookNamed: (pair: string) => `Look at ${pair}`,
    outcome: 'Outcome',
    outcomes: {
      better: (name: string) => `${name} better`,
      'not-decisive': 'not decisive',
      'no-common-items': 'nothing in common',
    },
  },

  facts: {
    title: 'How sure is this?',
    exact: 'Exact McNemar test',
    midP: 'Mid-p version',
    holm: 'Adjusted for all pairs (Holm)',
    detectable: 'Smallest difference found 4 times in 5',
    needed: 'Questions to find a difference of this size 4 times in 5',
    halfWidth: (points: string) => `Questions for an interval of ±${points}`,
    nothing: '–',
    stems: 'Interval if questions with one stem hang together',
    stemsValue: (interval: string, groups: string) => `${interval} (${groups} different stems)`,
    stemsUnknown: 'All questions share one stem: no interval',
    refused: 'Left out: one id, different content',
    refusedValue: (text: string, key: string, level: string) =>
      `text or options ${text}, key ${key}, level ${level}`,
    whole: (items: string) => `Estimate over all ${items} questions of these languages and levels`,
    wholeValue: (points: string, interval: string) => `${points} (${interval})`,
    wholeNoInterval: (points: string) => `${points}; too few questions of a level for an interval`,
    wholeAccuracies: (first: string, second: string) => `${first} against ${second}`,
    wholeHint:
      'Each language and level weighted by its number of questions; the interval is about these very questions.',
    wholeComplete: (items: string) =>
      `All ${items} questions were asked in both runs: for these very questions, the difference is exact.`,
    wholeMissing: (cells: string) => `No estimate over the whole: nothing in common of ${cells}.`,
    wholeOther: 'No estimate over the whole: the runs drew from different datasets.',
  },

  conditions: {
    title: 'What differs',
    same: 'Model, protocol, prompt, decoding, data, app, engine and device are the same.',
    caption: 'Everything in which these runs differ.',
    scroll: 'Table of what differs, scrolls sideways',
    condition: 'Condition',
    scoring: 'Runs are read by the scoring chosen above where they have it.',
    noExamples: 'none',
    examples: (count: string, pool: string) => `${count} from ${pool}`,
    part: (part: string, of: string) => `part ${part} of ${of}`,
    rerun: (share: string) => `rerun of ${share} of the items`,
    greedy: 'greedy',
    decoding: (drawn: string, maxTokens: string) => `${drawn}, at most ${maxTokens} new tokens`,
    drawn: (temperature: string, topP: string, seed: string) =>
      `temperature ${temperature}, top-p ${topP}, seed ${seed}`,
    names: {
      model: 'model',
      quantization: 'quantization',
      weights: 'weights',
      protocol: 'protocol',
      strategy: 'replies per question',
      examples: 'worked examples',
      prompt: 'prompt',
      decoding: 'decoding',
      reuse: 'reading of prompts',
      data: 'dataset',
      selection: 'selection of questions',
      app: 'version of the app, which also reads the letters',
      engine: 'engine',
      device: 'device',
      numbers: 'numbers of the graphics unit',
      context: 'context',
    },
  },

  flips: {
    title: 'Flipped questions',
    text: 'Right in one run, wrong in the other. An answer without a letter counts as wrong.',
    none: 'No question flipped.',
    noMatch: 'No flipped question fits these filters.',
    shown: (shown: string, all: string) => `${shown} of ${all} flipped questions`,
    label: 'Flipped questions, one per row',
    filters: 'Filters',
    right: 'Right in',
    any: 'Either',
    detail: (id: string) => `Question ${id}`,
    reply: (name: string) => `Reply of ${name}`,
    letter: (letter: string) => `Letter read: ${letter}`,
    noLetter: 'No letter read',
  },

  export: {
    title: 'Export',
    text: 'Statistics and letters of every common question, without questions and replies. The file is made in this browser and sent nowhere.',
    json: 'JSON, complete',
    csv: 'CSV, one row per question',
  },
}
