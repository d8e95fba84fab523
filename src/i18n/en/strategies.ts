export const strategies = {
  names: {
    single: 'One reply',
    'self-consistency': 'Self-consistency (majority)',
    'best-of-n': 'Best of N',
    'vote-sum': 'Vote-sum',
  },
  worth: {
    min: 'Its weakest step (as MedS3 does)',
    last: 'Its last step',
    mean: 'The mean of its steps',
    product: 'The product of its steps',
  },
  worthShort: { min: 'weakest step', last: 'last step', mean: 'mean of steps', product: 'product of steps' },
  ofSamples: (name: string, samples: string) => `${name}, ${samples} replies`,
  byWorth: (name: string, worth: string) => `${name} by ${worth}`,
  leads: '(leads)',
  stopsEarly: 'no reply drawn that cannot change the answer',
  drawsAll: 'all drawn',
  /** Wherever numbers of such a scorer stand. */
  scorers: {
    'self-verifier': 'self-verifier, not the MedS3 PRM',
    'reward-model': 'reward model',
  },
  running: {
    question: 'This question',
    reply: (number: string, planned: string) => `reply ${number} of ${planned}`,
    replyOfMost: (number: string, planned: string) => `reply ${number} of ${planned} at most`,
    scoring: (number: string) => `scoring the steps of reply ${number}`,
    votes: (reading: string) => `Votes so far: ${reading}`,
    noVotes: 'none',
    saved: 'Replies saved by stopping early',
    savedOf: (count: string, share: string) => `${count} (${share})`,
    atMost: (time: string) => `at most ${time}`,
  },
  compared: {
    title: 'Strategies over the same samples',
    text: (planned: string) =>
      `Every way to choose, applied to the replies that this run stored: up to ${planned} for each question.`,
    reading: (read: string, all: string) => `Reading the replies: ${read} of ${all} questions…`,
    failed: 'The stored replies could not be read',
    readBy: 'Letters read by',
    scoredBy: 'Steps scored by',
    noScorer: 'nobody: majority only',
    scorer: (model: string, quantization: string, kind: string) => `${model} ${quantization} (${kind})`,
    onlyScored: (items: string, answered: string) =>
      `On the ${items} of ${answered} questions of which this scorer has scored every reply.`,
    noneScored: 'This scorer has not scored every reply of any question yet.',
    caption:
      'Accuracy with its Wilson 95% interval; gain over the first reply in points, with its 95% interval (Tango).',
    scroll: 'Table of strategies, scrolls sideways',
    way: 'Way to choose',
    first: 'One reply (the first drawn)',
    own: 'this run',
    n: 'n',
    accuracy: 'Accuracy',
    unparsed: 'No answer',
    gain: 'Gain, points',
    p: 'p (Holm)',
    used: 'Replies needed',
    tokens: 'More tokens',
    written: (tokens: string) => `${tokens} written`,
    read: (tokens: string) => `${tokens} read`,
    time: 'More time',
    undecided: 'Left open',
    perQuestion:
      'Replies, tokens and time are means per question: what this way needs when drawing stops as soon as its choice is settled, scoring included, beyond one reply.',
    undecidedHint: (questions: string) =>
      `“Left open”: this run stopped drawing when its own choice was settled. On so many questions (up to ${questions}) another way would have drawn more replies, and might then have chosen otherwise.`,
    shared:
      'All rows choose from the same replies and share their luck, so they are not separate experiments. Each is tested against the first reply on the same questions (exact McNemar test); p is adjusted for the number of rows after Holm.',
    oneSample: (replies: string, percent: string, interval: string) =>
      `Any one of the ${replies} replies is right in ${percent} of cases (95% interval ${interval}; every question counts the same). The first replies are one draw of that.`,
    judge:
      'The scores come from a language model that was asked whether each step is right. They are those of a self-verifier, not of the MedS3 PRM.',
  },
  later: {
    title: 'Score the stored replies with another model',
    text: 'The model that is loaded now reads each stored reply step by step. No answer changes: the table above gets one more scorer to choose by.',
    noModel: 'No model is loaded.',
    toModels: 'Load one',
    loaded: (scorer: string) => `Loaded: ${scorer}`,
    count: (scored: string, all: string) => `${scored} of ${all} replies`,
    counted: (scored: string, all: string) => `${scored} of ${all} replies are scored by it.`,
    done: 'It has scored all of them.',
    start: 'Score the replies',
    goOn: 'Go on scoring',
    stop: 'Stop scoring',
    progress: (scorer: string) => `Scoring by ${scorer}`,
    timeLeft: (time: string) => `Time left: ${time}`,
    kept: 'Each reply’s scores are stored at once. You can stop, or close the tab, and go on later.',
    runBusy: 'A run is being answered. Pause it or wait for its end; then the replies can be scored.',
    otherRun: 'The replies of another run are being scored.',
    problemTitle: 'The scoring ended before the last reply',
    problems: {
      busy: 'This or another tab is measuring or scoring. Try again when it has ended.',
      otherModel: 'Another model was loaded meanwhile. Load the first one again to go on.',
      noQuestions: 'This run was imported without its questions, so nobody can judge its replies.',
    },
  },
  greedy: {
    title: 'Against one greedy reply',
    text: 'The first reply above was drawn at random. AnesBench takes the most probable one instead: a run of its own.',
    found: (name: string, when: string, n: string) => `Compare with “${name}” (${when}, ${n} questions)`,
    none: 'No run of this model and dataset with one greedy reply is here.',
    start: 'Answer the same questions greedily',
    noDataset: (name: string) => `The dataset “${name}” is not here. Import it to ask its questions again.`,
  },
  form: {
    title: 'Replies per question',
    legend: 'How each question is answered',
    stateSingle: 'one, official',
    stateSeveral: (name: string, samples: string) => `${name}, up to ${samples} replies`,
    texts: {
      single: 'The model answers once. Published AnesBench scores are made this way.',
      'self-consistency':
        'Several replies are drawn at random, and the letter that most of them give is the answer.',
      'best-of-n':
        'Several replies are drawn and their steps scored. The reply that is worth most answers alone.',
      'vote-sum':
        'Several replies are drawn and their steps scored. Each votes for its letter with what it is worth; the letter with the largest sum is the answer. MedS3 chooses this way.',
    },
    costs: {
      single: 'The usual time.',
      'self-consistency': 'Up to N times as long.',
      'best-of-n': 'Up to N times as long, and one more pass for every step.',
      'vote-sum': 'Up to N times as long, and one more pass for every step.',
    },
    samples: 'Replies per question (N)',
    samplesHint: 'MedS3 takes 16 or 32.',
    samplesInvalid: (least: string, most: string) => `A whole number from ${least} to ${most}.`,
    worth: 'What a reply is worth',
    worthHint: 'A reply without a step that can be scored is worth 0.',
    stopsEarly: 'Stop drawing when no further reply can change the answer',
    stopsEarlyHint:
      'The answer is the same as with all N replies. But fewer replies are left for comparing other ways to choose afterwards: switch this off for such a study.',
    scorer:
      'The model scores its own steps: after each one it is asked whether the solution so far is right, and the score is the probability of “yes”. This is a self-verifier, not the MedS3 PRM. On the result page, another model can score the stored replies later.',
    drawnAt: (temperature: string, topP: string, seed: string) =>
      `Drawn at temperature ${temperature}, top-p ${topP}, from seed ${seed}, of which each reply gets its own. The three can be changed under “Decoding”.`,
    alike:
      'At temperature 0 all replies to a question are the same, and there is nothing to choose from. Several replies need a temperature above 0.',
    takeProposed: (temperature: string, topP: string) => `Take temperature ${temperature}, top-p ${topP}`,
    needsReplies: (protocol: string) =>
      `Several replies are drawn only with the protocol “${protocol}”. With the one chosen above, this run draws one.`,
  },
}
