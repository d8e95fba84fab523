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
