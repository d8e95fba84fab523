/** What went wrong with an engine, and what the user can do now. */
export const failures = {
  technicalDetails: 'Technical details',
  aborted: {
    problem: 'Stopped, as you asked.',
    nextStep: 'Start again whenever you like.',
  },
  notLoaded: {
    problem: 'No model is loaded.',
    nextStep: 'Load a model on the Models page first.',
  },
  noWebGpu: {
    problem: 'This browser has no WebGPU, which this model needs.',
    nextStep: 'Use a current Chrome, Edge or Safari, or choose a model for the CPU engine.',
  },
  noAdapter: {
    problem: 'The browser found no graphics processor that it may use.',
    nextStep:
      'Restart the browser: after a few crashes of the graphics driver it offers none any more. If that does not help, turn on hardware acceleration in its settings and update the driver, or choose a model for the CPU engine.',
  },
  insecureOrigin: {
    problem: 'Browsers offer WebGPU only to pages over HTTPS or on this computer itself.',
    nextStep: 'Open Somnus through https:// or at localhost.',
  },
  featureMissing: (feature: string) => ({
    problem: `This browser or graphics processor does not support ${feature}, which the model needs.`,
    nextStep: 'Choose another variant of the model (q4f32_1 needs no shader-f16), or another browser.',
  }),
  downloadFailed: (host: string) => ({
    problem: `The download from ${host} broke off.`,
    nextStep: 'Check the connection, then load the model again.',
  }),
  downloadRefused: (host: string, status: number) => ({
    problem: `${host} refused the download (HTTP ${status}).`,
    nextStep:
      'Try again in a few minutes. If it stays so, the file was moved or withdrawn: choose another model.',
  }),
  storageFull: (size: string) => ({
    problem: `The browser’s storage has no room for this model (${size}).`,
    nextStep: 'Free disk space, or delete datasets and runs you no longer need, then load it again.',
  }),
  checksumMismatch: {
    problem: 'The downloaded file is not the one that the catalogue describes; it was thrown away.',
    nextStep: 'Load the model again. If it happens twice, the file was changed at its source: do not use it.',
  },
  modelInvalid: {
    problem: 'The engine cannot read this model file.',
    nextStep:
      'The file is damaged, incomplete or of an architecture that the engine does not know. Download it again or choose another.',
  },
  modelTooLarge: (size: string, limit: string) => ({
    problem: `The model has ${size}; the CPU engine can hold at most ${limit}.`,
    nextStep: 'Choose a smaller model or quantization, or run it on WebGPU.',
  }),
  outOfMemory: {
    problem: 'There is not enough memory for this model.',
    nextStep:
      'Close other tabs and programs and load it again, or choose a smaller model or a shorter context.',
  },
  deviceLost: {
    problem: 'The graphics processor was lost, most often for lack of memory or because of a driver reset.',
    nextStep: 'Load the model again; choose a smaller one if it happens repeatedly.',
  },
  contextExceeded: (promptTokens: string, contextTokens: string) => ({
    problem: `The text has ${promptTokens} tokens; the model was loaded for ${contextTokens}.`,
    nextStep: 'Shorten the text or load the model with a longer context.',
  }),
  workerLost: {
    problem: 'The engine stopped or did not start, most often for lack of memory.',
    nextStep:
      'Load the model again; choose a smaller one if it happens repeatedly. If the network was lost since this page was opened, connect and reload it.',
  },
  takenOver: {
    problem: 'Another tab has taken over the engine.',
    nextStep: 'Go on in that tab, or take the engine back in this one.',
  },
  reuseCheckFailed: {
    problem: 'The reused beginning of the prompt was not what it should be, so the reply was given up.',
    nextStep: 'Ask again: until this model is loaded again, every prompt is read from its beginning.',
  },
  lettersNotTokens: {
    problem: 'This model cannot score option letters: its vocabulary has no single token for each letter.',
    nextStep: 'Choose the protocol in which the model writes its answer, or another model.',
  },
  notARewardModel: {
    problem: 'The loaded model is a language model; it has no head that scores steps.',
    nextStep: 'Load a reward model, or let the language model judge the steps itself.',
  },
  onlyARewardModel: {
    problem: 'This is a reward model: it scores the steps of replies and cannot write or answer.',
    nextStep: 'Load a language model; use this one to score what that has written.',
  },
  engineError: {
    problem: 'The engine reported an error.',
    nextStep: 'Try again. If it stays so, load the model again or choose another.',
  },
}
