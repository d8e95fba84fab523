export const chatStrategies = {
  /** Settings of a conversation. */
  legend: 'Replies to each question',
  strategy: 'How a reply is found',
  hints: {
    single: 'The model replies once.',
    'self-consistency':
      'Several replies are drawn. The answer that most of them give wins; at a tie, the one given first.',
    'best-of-n':
      'Several replies are drawn, and each step of them is scored. The reply that scores best is shown.',
    'vote-sum':
      'Several replies are drawn, and each step of them is scored. The scores of replies with the same answer are added up, as MedS3 does.',
  },
  verifier:
    'The scores come from the self-verifier, not the MedS3 PRM: after each step, the loaded model is asked whether the solution is right so far.',
  samples: 'Number of replies',
  samplesHint: (least: string, most: string) => `From ${least} to ${most}. Each takes as long as one reply.`,
  stopsEarly: 'Stop as soon as no further reply can change the answer',
  comparedTexts:
    'Answers are compared word for word: an <answer>, “the answer is …”, a letter, or a reply of one line. In a conversation opened from a benchmark item, the option letters are compared.',
  sameAtZero: 'At temperature 0 all replies are the same.',
  vary: 'Set temperature 1 and top-p 0.95, as MedS3 does',
  thisOnly: 'Holds for this conversation only.',

  /** While replies are drawn. */
  drawing: (number: string, of: string) => `Reply ${number} of ${of} is being written`,
  scoring: (number: string, of: string) => `Steps of reply ${number} of ${of} are being scored`,

  /** Beside the reply that was chosen. */
  why: 'Why this reply',
  drawn: (taken: string, planned: string) => `${taken} of ${planned} replies`,
  settledEarly: (taken: string, planned: string) =>
    `${taken} of ${planned} replies were drawn: no other could have changed the answer.`,
  incomplete: (taken: string, planned: string) =>
    `${taken} of ${planned} replies were drawn before this was stopped or cut off. The choice is among these.`,
  drawRest: 'Draw the rest',
  otherModel: (name: string) => `To go on, load ${name}, which wrote these replies.`,
  /** `letters`: an option letter, else words. */
  reasons: {
    majority: (answer: string, votes: string, of: string) =>
      `“${answer}” is the answer of ${votes} of ${of} replies. The first reply that gives it is shown.`,
    voteSum: (answer: string, score: string) =>
      `“${answer}” has the highest sum of scores (${score}). The reply with the highest score among those that give it is shown.`,
    allDifferent: 'No two replies give the same answer, so there is no majority.',
    firstOfAll: 'The first reply is shown.',
    highestOfAll: 'The reply with the highest score is shown.',
    best: (score: string) => `It has the highest score of all (${score}); at a tie, the first.`,
    notComparable:
      'Fewer than two replies state an answer that can be compared, so nothing was voted on. The first reply is shown.',
    only: 'Only one reply came to its end, so there was nothing to compare.',
    none: 'No reply came to its end.',
  },
  useBest: 'Choose by best of N instead',
  useBestHint: 'The self-verifier scores the steps of each reply; the answers need not be compared.',
  byLetters: 'Option letters were compared, by the strict reading.',
  byTexts: 'Answers were compared word for word.',
  scoresBy: (model: string) => `Scores: self-verifier, not the MedS3 PRM (${model})`,
  tally: 'Tally',
  answer: 'Answer',
  replies: 'Replies',
  score: 'Sum of scores',
  votes: 'Votes',
  sample: (number: string) => `Reply ${number}`,
  shown: 'shown',
  stopped: 'stopped before its end; does not vote',
  cutOff: 'cut off at its longest length',
  noAnswer: 'No answer that can be compared',
  worth: (value: string) => `score ${value}`,
  steps: 'Steps and their scores',
  noSteps: 'No step that can be scored; the reply is worth 0.',
  notScored: 'not scored yet',
  text: 'Text',
  seed: (value: string) => `seed ${value}`,
  tokens: (count: string) => `${count} tokens`,
  cost: (tokens: string, time: string) => `All replies together: ${tokens} tokens in ${time}.`,
  scoringCost: (tokens: string, time: string) => `Scoring read ${tokens} tokens in ${time}.`,

  /** The Citrus format. */
  citrusPrompts:
    'The Citrus format: thoughts in <think>, the answer in <answer>, of which the last counts. The wording is our adaptation; the score cannot be compared with AnesBench’s own. Proposed with it: temperature 0.7 and 4,096 tokens, as Citrus does.',
  citrusPreset: {
    name: 'Citrus format',
    description:
      'A medical expert thinks step by step in <think> and answers in <answer>. The format, temperature 0.7 and 4,096 tokens are those of Citrus; the wording is our adaptation, and a question is sent as it is typed, without <Question> around it.',
  },
}
