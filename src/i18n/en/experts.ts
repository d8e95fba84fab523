export const experts = {
  intro:
    'A reasoning expert thinks aloud about your question: findings, hypotheses, evidence for and against, doubts, conclusion. A reflection expert reviews that, and a check asks whether it is sufficient. If not, they go another round. In the end the reasoning is written out as one account with an answer.',
  adaptation:
    'Our adaptation. Citrus (arXiv 2502.18274) made training data this way, and its reflection expert was shown the right answer. Here nobody knows it: the reviewer can be wrong, and the two may agree on a mistake.',
  ownPrompts:
    'The prompts are ours, written after the paper’s description of the roles; they are not the words of Citrus.',

  form: {
    title: 'New question',
    question: 'Question',
    fromBenchmark: 'Take one from a benchmark',
    dataset: 'Dataset',
    number: 'Number of the question',
    numberHint: (count: string) => `1 to ${count}`,
    take: 'Take it',
    fromChat: 'From a conversation: this message alone, without what was said before it.',
    taken: (dataset: string) =>
      `From ${dataset}. Neither expert is shown the key; it is compared with the answer at the end.`,
    noItem: 'There is no such question, or its text was withheld.',
    reasoner: 'Reasoning expert',
    reasonerHint: 'Also writes the account.',
    reviewer: 'Reflection expert',
    reviewerHint: 'Also says whether the reasoning is sufficient.',
    same: 'Both experts are the same model. It reviews its own reasoning, and tends to agree with itself.',
    turns:
      'Both run on this one device, so they take turns: each is loaded when its stage comes, which takes time whenever the model changes.',
    getModels: 'Get more on the Models page',
    limits: 'Limits',
    rounds: 'Rounds at most',
    stageTokens: 'Tokens of one reply at most',
    totalTokens: 'Tokens of all rounds at most',
    totalTokensHint: 'The account comes on top.',
    decoding: 'Decoding',
    temperature: 'Temperature',
    topP: 'Top-p',
    seed: 'Seed',
    seedHint: 'Empty draws one.',
    wrong: (least: string, most: string) => `A number from ${least} to ${most}.`,
    start: 'Let them begin',
    missing: 'Write a question, choose two models, and check the numbers.',
    blocked: 'A conversation, a benchmark or other work is using the engine. Wait for it or stop it first.',
  },

  prompts: {
    title: 'Prompts',
    asOurs: 'as they come',
    changedCount: (count: string) => `${count} changed`,
    hint: 'What each stage is asked, word for word. {question}, {reasoning} and {feedback} are filled in. Changed prompts are kept with the work and marked.',
    language: 'Language of the prompts',
    languages: { en: 'English', zh: '中文' },
    names: {
      reasoning: 'First reasoning',
      revision: 'Further reasoning',
      reflection: 'Reflection',
      sufficiency: 'Sufficiency check',
      narrative: 'Account',
    },
    changed: 'changed',
    lacks: (placeholders: string) => `Without ${placeholders} the model does not see what it needs.`,
    reset: 'Back to ours',
  },

  stages: {
    reasoning: 'Reasoning',
    reflection: 'Reflection',
    sufficiency: 'Sufficiency check',
    narrative: 'Account',
  },
  stage: (stage: string, round: string) => `${stage}, round ${round}`,
  sections: {
    findings: 'Findings',
    hypotheses: 'Hypotheses',
    'evidence-for': 'Evidence for',
    'evidence-against': 'Evidence against',
    doubts: 'Doubts',
    conclusion: 'Conclusion',
  },

  study: {
    unreadable: 'This work cannot be read. It may have been made by a newer version.',
    question: 'Question',
    timeline: 'What they wrote',
    nothing: 'Nothing is written yet.',
    modelOutput: 'Model output',
    notSectioned: 'The model did not use the headings that it was asked for.',
    noFeedback: 'The reviewer wrote no feedback.',
    ratings: {
      sound: 'Rating 1: the reviewer finds the reasoning sound.',
      unsound:
        'Rating 0: the reviewer finds the reasoning not sound. Whatever the check says, it does not end the rounds.',
      none: 'The reviewer gave no rating that can be read.',
    },
    sufficiency: {
      yes: (probability: string) => `Sufficient (probability ${probability}).`,
      no: (probability: string) => `Not sufficient (probability ${probability}).`,
      unknown:
        'The check could not be made: this model’s vocabulary has no token for each letter. Counted as not sufficient.',
    },
    silent: 'The model ended without a word.',
    cut: 'Stopped before its end; kept as far as it came.',
    length: 'It reached its limit of tokens.',
    raw: 'Raw reply',
    prompt: 'What it was asked',
    promptChanged: 'changed prompt',
    facts: 'About this stage',
    model: 'Model',
    quantization: 'Quantization',
    fingerprint: 'Fingerprint of the weights',
    device: 'Runs on',
    tokens: 'New tokens',
    promptTokens: 'Tokens of the prompt',
    speed: 'Speed',
    time: 'Time',
    seed: 'Seed',
    tokensShort: (count: string) => `${count} tokens`,
  },

  progress: {
    title: 'The experts are at work',
    loading: (model: string) => `${model} is being loaded`,
    reading: (model: string) => `${model} reads`,
    writing: (model: string, tokens: string) => `${model} writes: ${tokens} tokens`,
    stop: 'Stop',
    finish: 'No further round: write the account now',
    stopHint: 'What is written stays, and they can go on later.',
    elsewhere: 'Other experts are at work.',
    goThere: 'Go there',
    begins: (stage: string) => `${stage} begins.`,
    finished: (stage: string, text: string) => `${stage}: ${text}`,
  },

  rest: {
    title: 'They can go on',
    text: (stage: string) => `Next: ${stage}. Everything up to here is stored.`,
    resume: 'Go on',
    finish: 'Write the account now',
    with: (model: string) => `With ${model}:`,
  },

  problems: {
    'study-gone': 'This work was deleted in another tab.',
    'out-of-step': 'Another tab has gone on with this work. It is read anew when you go on.',
    'storage-full':
      'Not stored: the disk space that the browser allows is used up. Delete old work, then go on.',
    'storage-failed': 'Not stored: the browser refused. Reload the page, then go on.',
  },

  outcome: {
    title: 'Answer',
    account: 'Account',
    reasons: {
      sufficient: 'The reviewer’s check found the reasoning sufficient.',
      rounds: 'The rounds were used up before the reviewer was satisfied.',
      tokens: 'The tokens were used up before the reviewer was satisfied.',
      closed: 'You asked for the account before the reviewer was satisfied.',
    },
    cost: (tokens: string, time: string) =>
      `${tokens} new tokens in ${time} of computing; loading models is not counted.`,
    right: (letter: string) => `The answer says ${letter}, as the key does.`,
    wrong: (letter: string, key: string) => `The answer says ${letter}; the key says ${key}.`,
    unread: (key: string) => `No letter can be read from the answer; the key says ${key}.`,
    single: 'One question says nothing about accuracy. That is measured on the Benchmark page.',
  },

  export: {
    title: 'Keep it',
    text: 'Question, prompts and every reply with model, fingerprint and times.',
    copy: 'Copy as Markdown',
    copied: 'Copied.',
    copyFailed: 'The browser did not allow copying.',
    markdown: 'Save as Markdown',
    json: 'Save as JSON',
    saved: (name: string) => `${name} was handed to the browser.`,
    unfinished: 'The account is not written yet.',
    notice:
      'Model output: everything below the question was written by language models, and nobody has checked it. For research and teaching; never use it to treat a patient.',
  },
}
