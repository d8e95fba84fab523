/** Whether a graphics unit computes a model's numbers right, and what follows where it does not. */
export const numerics = {
  title: 'Numbers of the graphics unit',
  checking: 'Checking the numbers of the graphics unit',
  checkingText:
    'The model reads the same few tokens in five different ways, and the numbers must agree. This is done once for this graphics unit, this model’s library and this version of the browser.',
  later: 'Later',

  sound: 'Numbers checked.',
  soundText: (date: string, difference: string, tolerance: string) =>
    `Tested on ${date}: all ways of reading agree within ${difference}; ${tolerance} is allowed.`,
  notTested: 'Numbers not checked yet.',
  notTestedText:
    'Some graphics units give wrong numbers without any error. The check takes seconds; until then every prompt is read from its beginning.',
  notTestedEmulated:
    'Some graphics units give wrong numbers without any error. WebGPU is emulated on the processor here, so the check takes several minutes; until then every prompt is read from its beginning.',
  stopped: 'The check was ended before it was done.',
  failed: (detail: string) => `The check could not be made: ${detail}`,
  avoided: 'This graphics unit computes some things wrongly; Somnus avoids them',
  avoidedText: {
    appends:
      'When several tokens are added to what the model has read already, its numbers come out wrong here. Somnus therefore reads every prompt from its beginning, and a long one token by token: that is slower, but its numbers agreed.',
    pops: 'When tokens are taken back from what the model has read, its numbers come out wrong here. Somnus therefore takes none back and reads every prompt from its beginning: that is slower, but its numbers agreed.',
  },
  wrong: 'This graphics unit computes this model wrongly',
  wrongText: {
    steps:
      'Even one token added after another gives wrong numbers here, and no way of reading avoids it. Do not rely on what the model writes or scores on this graphics unit.',
    letters:
      'Known questions get other option letters here than on another device with the same files. Do not rely on what the model writes or scores on this graphics unit.',
  },
  remedy:
    'An update of the graphics driver or the browser may help; the variants that run on the processor are not affected.',
  saysSo: 'Every result made here says so.',
  check: 'Check now',
  checkAgain: 'Check again',
  inUse: 'The model is in use. The check can be made when it is free.',

  details: 'What was tested',
  orders: {
    'two-chunks': 'In two pieces',
    'small-chunk': 'In two pieces, the second of four tokens',
    'one-by-one': 'One by one',
    'after-pop': 'After taking tokens back',
  },
  way: 'Way of reading',
  difference: 'Largest difference',
  caption: (tokens: string, tolerance: string) =>
    `Logits of the whole vocabulary after ${tokens} tokens, compared with reading them at once. Allowed: ${tolerance}.`,
  noNumber: 'no number',
  letters: (same: string, items: string, device: string, difference: string) =>
    `${same} of ${items} known questions have the same option letter as on ${device}; their probabilities differ by at most ${difference}.`,
  noLetters: 'For this model there are no letters of another device to compare with.',
  kernel: 'Attention kernel',
  kernels: {
    inserted: 'corrected: a missing barrier was added',
    'switched-off': 'left as it comes, as chosen',
    'kernel-absent': 'this library does not have the one that needs a correction',
    'pattern-unknown': 'not the one that is known, so it was left as it comes',
  },
  tookMs: (duration: string) => `The test took ${duration}.`,

  settings: {
    correct: 'Correct WebLLM’s attention kernel',
    hint: 'One step of the compiled models lacks a barrier; on some graphics units the numbers are then wrong without any error. Switch the correction off only to compare.',
    reload: 'Takes effect when a model is loaded next.',
  },

  fact: 'Numbers of the graphics unit',
  facts: {
    'not-concerned': 'not concerned: computed on the processor',
    'not-known': 'not known',
    'not-tested': 'not tested',
  },
  tested: (verdict: string, difference: string, tolerance: string, date: string) =>
    `${verdict} (largest difference ${difference}, allowed ${tolerance}; ${date})`,
  verdicts: {
    sound: 'tested, right',
    avoided: 'tested, wrong in ways that were avoided',
    wrong: 'tested, wrong',
  },

  result: {
    wrong: 'The graphics unit’s numbers were wrong',
    wrongText:
      'The self-test failed on the device that made this result, and nothing could avoid it. Do not rely on these numbers: repeat the run on another device or on the processor.',
    avoided: 'Made on a graphics unit that computes some things wrongly',
    avoidedText:
      'The self-test failed on the device that made this result. The ways of reading that failed were avoided, and those that were used agreed in the test.',
    notTested:
      'Whether this device’s graphics unit computes right was not tested. Some give wrong numbers without any error.',
    notKnown:
      'Whether the graphics unit’s numbers were right is not known: this run was made before Somnus tested it.',
  },
  /** Above where a question is typed. */
  chat: {
    wrong: 'This graphics unit computes this model wrongly: do not rely on its replies.',
    avoided: 'This graphics unit computes some things wrongly; Somnus avoids them, and replies begin later.',
    more: 'What was found',
  },
  compare: {
    agreed: 'no failed self-test',
  },
}
