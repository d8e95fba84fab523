/** Prompts whose beginning the engine has read before. */
export const reuse = {
  plan: {
    title: 'Reading of prompts',
    on: 'shared beginnings are reused',
    off: 'each from its beginning',
    use: 'Reuse the beginning that a prompt shares with earlier ones',
    text: 'The questions of a run share their instructions, and several replies to one question share the whole prompt. With this switched on, the engine reads only what is new, which is faster. During the run, results are compared with those of reading the whole prompt, and count only once a comparison has agreed. If one fails, the answers since the last are asked again, every later prompt is read from its beginning, and the result says so.',
    numbers:
      'On the processor the numbers are the same to the last bit. On a graphics unit they may differ within the tolerance of the check, and nothing is reused before its numbers have been checked.',
  },

  /** As soon as it happens, once for each load. */
  checkFailed: {
    onGpu:
      'A reused prompt gave other numbers than reading it whole. Until this model is loaded again, every prompt is read from its beginning; the next load checks the graphics unit’s numbers anew.',
    onCpu:
      'A reused prompt gave other numbers than reading it whole. Until this model is loaded again, every prompt is read from its beginning.',
  },

  /** Answers that are stored and do not count yet. */
  held: {
    waiting: (count: string) => `Held back until the next comparison with whole prompts: ${count}.`,
    title: 'Some answers are held back',
    paused: (count: string) =>
      `Answers that are stored but not counted: ${count}. Their prompts went on from earlier beginnings, and no comparison with reading them whole has followed. The next one decides: when the run goes on, at the latest at its end.`,
    ended: (count: string) =>
      `Answers that are stored but not counted: ${count}. Their prompts went on from earlier beginnings, and the run ended before they could be compared with reading them whole. No score and no file of this run has them.`,
  },

  /** Of replies in a conversation. */
  reply: {
    awaits:
      'The prompt went on from a beginning that was read earlier, and no comparison with reading it whole has followed so far.',
    inDoubt:
      'This reply may be wrong: its prompt went on from a beginning that was read earlier, and the next comparison with reading the whole prompt failed. Ask again before you rely on it.',
  },

  fact: 'Reading of prompts',
  facts: {
    reused: 'shared beginnings may be reused',
    anew: 'each from its beginning',
  },

  tokens: 'Prompt tokens read, checks included',
  kept: 'Prompt tokens reused',
  /** Beside the tokens that were read. */
  why: (tokens: string, reason: string) => `${tokens} (${reason})`,
  stepwise: 'one by one',
  /** Of several prompts together. */
  some: (reason: string) => `some of them anew: ${reason}`,
  compared: 'read in both ways, with the same numbers',
  /** Beside the tokens of a reading that no comparison spoke for when it was made. */
  notCompared: 'not compared itself with reading it whole',
  /** Of the prompts that ask for scores of a reply's steps. */
  scoring: {
    tokens: 'Tokens read for scoring, checks included',
    kept: 'Tokens reused for scoring',
  },

  reasons: {
    'nothing-in-common': 'nothing in common with earlier prompts',
    'not-tested': 'the numbers of the graphics unit were not checked',
    'self-test-failed': 'the graphics unit failed the check of its numbers',
    'structure-unknown': 'this version of the engine is not known well enough',
    'sliding-window': 'the model looks at a sliding window',
    'recurrent-model': 'the model keeps a running state',
    'check-failed': 'a comparison with the whole prompt failed',
  },

  summary: {
    title: 'Reading of prompts',
    share: (percent: string, kept: string, all: string) =>
      `${percent} of all prompt tokens (${kept} of ${all}) were reused from earlier prompts and not read again.`,
    reused: (prompts: string, all: string) =>
      `${prompts} of ${all} prompts began like an earlier one, and that beginning was reused.`,
    none: 'Every prompt was read from its beginning.',
    stepwise: (prompts: string) =>
      `Read one token after another, as this graphics unit needs it: ${prompts}.`,
    cold: 'Prompts read from their beginning, by reason',
    checkFailed:
      'A comparison with reading the whole prompt failed. Answers that rested on reuse since the last one that agreed were asked again, and nothing was reused afterwards.',
    compared: (prompts: string) => `Read in both ways, with the same numbers: ${prompts}.`,
  },
}
