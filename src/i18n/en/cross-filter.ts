/** Counts arrive written in the reader's digits. */
const counted = (count: string, one: string, many: string) => `${count} ${count === '1' ? one : many}`

const pairs = (count: string) => counted(count, 'pair', 'pairs')

export const crossFilter = {
  intro:
    'One model’s answers are scored by a different model on five aspects from 0 to 10, and you choose what is good enough to keep. After Hypnos (arXiv 2403.02742), where two models filter each other’s training data.',
  adaptation:
    'Hypnos’s prompts and threshold are not published. The wording and the default threshold here are ours: an adaptation, not a repetition.',
  noSafety: {
    title: 'An automatic judge is no measure of safety',
    text: 'A model that scores answers makes mistakes of its own, prefers certain lengths and styles, and may share the errors of the model it judges. In particular, harm as scored by a model is not harm assessed by a clinician. Have answers that matter read by one.',
  },
  aspects: {
    coherence: 'Coherence',
    professionalism: 'Professionalism',
    usefulness: 'Usefulness',
    harmfulness: 'Freedom from harm',
    friendliness: 'Friendliness',
  },
  turned:
    'Hypnos’s “harmfulness” is turned round and called “freedom from harm”: 10 is harmless. More is better for all five.',
  pairs,

  form: {
    title: 'New filter',
    name: 'Name',
    files: 'Questions and answers',
    formats: (limit: string, bytes: string) =>
      `JSON Lines, CSV or JSON, up to ${limit} pairs and ${bytes}. Fields: “question” and “answer”, “instruction” (with “input”) and “output”, “prompt” and “response”, 问题 and 回答. Rows without an answer are answered by a model first. The same question may occur more than once.`,
    found: (count: string, answered: string, open: string) =>
      `${pairs(count)}: ${answered} with an answer, ${open} to be answered first.`,
    languages: (en: string, zh: string) => `${en} in English, ${zh} in Chinese.`,
    generator: 'Who answers the open questions',
    judge: 'Judge',
    second: 'Second judge (optional)',
    secondHint: 'Shows how far two judges agree. It can be added later, too.',
    none: 'None',
    unknownAuthor:
      'Who wrote the answers in the file is not known here. Do not choose a model that wrote them: it would judge itself.',
    more: 'Details: answers, order of the scale, wording',
    maxTokens: 'Most new tokens per answer',
    temperature: 'Temperature',
    temperatureHint: '0 always takes the most probable token.',
    order: 'Pairs to ask twice',
    orderHint:
      'These are judged a second time with the letters reversed, to see whether the judge leans towards letters rather than grades. They are drawn at random.',
    wrong: (least: string, most: string) => `A whole number from ${least} to ${most}.`,
    wrongReal: (least: string, most: string) => `A number from ${least} to ${most}.`,
    start: 'Start',
    cost: (passes: string) => `${counted(passes, 'forward pass', 'forward passes')} for each judge.`,
    obstacles: {
      'no-pairs': 'Choose a file with questions first.',
      'no-generator': 'Choose who answers the open questions.',
      'no-judge': 'Choose a judge.',
      'judges-itself':
        'The judge is the model that writes the answers. It would judge itself: choose a different one.',
      'same-judge': 'Both judges are the same model: choose a different second judge.',
      prompts: 'The wording cannot be used as it is; see the details.',
      numbers: 'A number in the details cannot be used.',
    },
    notStored: 'The filter could not be stored. The browser may have run out of space.',
  },

  words: {
    ours: 'Ours, since Hypnos’s own are not published. A pair is judged in its own language, one aspect at a time; the reply is read from the probabilities of the letters A to K in one forward pass, so there is always a score.',
    user: { en: 'Question to the judge, English pairs', zh: 'Question to the judge, Chinese pairs' },
    places: 'Taken from the pair: {question}, {answer}, {aspect}, {scale}. Each must stand in the text.',
    aspect: (aspect: string, language: string) => `${aspect}, ${language}`,
    languages: { en: 'English', zh: 'Chinese' },
    empty: (aspect: string) => `${aspect} has no words.`,
    asSent: 'As sent for the first pair',
  },

  work: {
    roles: {
      generator: (model: string) => `${model} answers`,
      judge: (model: string) => `${model} judges`,
    },
    progress: {
      answers: (done: string, total: string) => `${done} of ${total} answers`,
      scores: (done: string, total: string) => `${done} of ${total} score sets`,
    },
    scoreSet: 'A score set is one pair on all five aspects; pairs that are asked twice have two.',
    done: 'All pairs are judged.',
    elsewhere: 'Another filter is at work.',
    goThere: 'Show it',
    passedOver: (count: string, model: string) =>
      `${pairs(count)} did not fit the context of ${model} and could not be worked on.`,
    addSecond: 'Add a second judge',
    add: 'Add',
    refusals: {
      'judges-itself': (model: string) =>
        `${model} has the same weights as the model whose answers are judged. It would judge itself, so it is refused. Make a new filter with a different judge.`,
      'same-judge': (model: string) =>
        `${model} has the same weights as the other judge: it would agree with itself. It is refused.`,
      'other-weights': (model: string) =>
        `${model} now has other weights than those it began with. Scores of different weights are not mixed: load the model it began with.`,
    },
    damaged: 'This filter cannot be read: what is stored of it does not fit together.',
  },

  rule: {
    title: 'What is kept',
    text: 'Only stored scores are looked at: a change asks no model and can be taken back.',
    aggregation: 'Five scores become one value by',
    aggregations: { mean: 'their mean', minimum: 'the lowest', weighted: 'a weighted mean' },
    threshold: 'Keep from',
    thresholdHint: '0 to 10; a value on the threshold is kept. The default of 7 is ours.',
    weight: (aspect: string) => `Weight of ${aspect.toLowerCase()}`,
    wrongWeights: 'Weights are numbers from 0 to 100, not all 0.',
    basis: 'Scores that count',
    bases: { both: 'mean of both judges' },
    counts: (kept: string, dropped: string, unscored: string) =>
      `${kept} kept, ${dropped} dropped, ${unscored} not judged`,
    notStored: 'The rule could not be stored.',
  },

  table: {
    title: 'Pairs',
    label: 'Pairs with their scores',
    show: 'Show',
    parts: { all: 'all', kept: 'kept', dropped: 'dropped', unscored: 'not judged' },
    number: 'No.',
    question: 'Question',
    value: 'Value',
    verdict: 'Verdict',
    verdicts: { kept: 'kept', dropped: 'dropped', unscored: 'not judged' },
    short: {
      coherence: 'Coh.',
      professionalism: 'Prof.',
      usefulness: 'Use',
      harmfulness: 'Harml.',
      friendliness: 'Kind',
    },
    shown: (count: string) => `${pairs(count)} shown.`,
    keys: 'Arrow keys move, Enter opens.',
    none: 'No such pairs.',
    scoresOf: (judge: string) => `Scores by ${judge}`,
    detail: (number: string) => `Pair ${number}`,
    answer: 'Answer',
    noAnswer: 'No answer yet.',
    writtenBy: (model: string) => `Written by ${model}`,
    fromFile: (file: string, row: string) => `From ${file}, row ${row}`,
    reasoning: 'Reasoning of the model, not judged',
    aspect: 'Aspect',
    score: 'Score',
    expected: 'Expectation',
    reversed: 'Reversed',
    expectedHint:
      'The score is the most probable grade; the expectation is the mean of all grades by their probabilities. “Reversed” is the score with A = 10 … K = 0.',
    asked: 'What the judge is asked',
  },

  charts: {
    title: 'Scores',
    aspect: 'Aspect',
    picture: (aspect: string) => `${aspect}: pairs by score`,
    description: 'How many pairs got each score. More is better.',
    twoJudges: 'Bars are the first judge’s, marks the second’s.',
    score: 'Score',
    count: 'Pairs',
    caption: 'Pairs with each score, by judge.',
    none: 'Nothing is scored yet.',
  },

  agreement: {
    title: 'Do the judges agree?',
    text: 'Spearman’s correlation asks whether both put the pairs in the same order; quadratic-weighted kappa whether they give the same scores, beyond chance. 1 is perfect, 0 is chance.',
    caption: (count: string) => `Over ${pairs(count)} that both have judged; 95% intervals in brackets.`,
    spearman: 'Spearman’s ρ',
    kappa: 'Weighted κ',
    undefinedValue: 'not defined (all the same score)',
    meaning:
      'Low agreement means that what is kept depends on who judges. High agreement does not make either right: models trained on similar texts err alike.',
    methods:
      'Intervals: Bonett and Wright (2000) for ρ, with ties at mean ranks; Fleiss, Cohen and Everitt (1969) for κ. Both are for large samples; where all pairs say the same, there is none.',
    few: 'Judged by both so far: too few for intervals.',
  },

  order: {
    title: 'Does the order of the scale matter?',
    text: 'The same pairs judged with A = 10 … K = 0 instead of A = 0 … K = 10. A judge that reads the scale gives the same scores; one that likes a letter gives others.',
    caption: (judge: string, count: string) =>
      `${judge}: score reversed minus score straight, mean over ${pairs(count)}, 95% t interval.`,
    difference: 'Mean difference',
    meaning: 'An interval that leaves out 0 means that letters, not only answers, move this judge’s scores.',
    none: 'No pair has been judged in both orders yet.',
  },

  length: {
    title: 'Are longer answers scored higher?',
    text: 'Spearman’s correlation of score and length of the answer in characters, by language.',
    caption: (judge: string) => `${judge}: correlation of score and length, 95% interval in brackets.`,
    column: (language: string, count: string) => `${language}, ${pairs(count)}`,
    meaning:
      'A correlation is no proof of bias: longer answers may be better ones. A strong one is a reason to read a few short answers that were dropped.',
  },
  /** A value with its interval, which stays in one piece where the line breaks. */
  withInterval: (value: string, lower: string, upper: string) => `${value} [${lower},\u00a0${upper}]`,
  withoutInterval: (value: string) => `${value} (no interval)`,

  export: {
    title: 'Save pairs',
    text: 'With the scores and expectations of every judge, model names, fingerprints of the weights and the hash of the wording. The files can be read here again.',
    part: 'Which pairs',
    parts: { kept: 'kept', dropped: 'dropped', all: 'all' },
    save: (format: string) => `Save as ${format}`,
    saved: (name: string) => `Saved as ${name}.`,
    failed: 'The file could not be made.',
    notice:
      'Scores were given by language models, not by clinicians; they are no measure of safety. Harmfulness is turned round: 10 is harmless. For research only.',
  },
}
