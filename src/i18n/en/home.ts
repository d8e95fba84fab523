export const home = {
  title: 'Anesthesiology language models, in your browser, measured honestly',
  intro:
    'Somnus runs medical language models on this computer’s own processor and lets them sit AnesBench, an anesthesiology exam in English and Chinese. Nothing you type or load ever leaves this machine.',
  runDemo: 'Run the demo',
  demoHint:
    'No download: a tiny built-in model answers a built-in exam about invented drugs in about a minute.',
  demoStarting: 'Preparing the demo…',
  stepsTitle: 'Then go on with real models',
  steps: {
    models: {
      title: 'Choose a model',
      text: 'See what this computer can run, and load Qwen2.5 on the GPU or the CPU.',
    },
    benchmark: {
      title: 'Let it sit the exam',
      text: 'Import AnesBench or your own questions. Every answer is stored before the next one is taken.',
    },
    results: {
      title: 'Check every number',
      text: 'Accuracy by level and language with intervals, both scorings, and every reply to read.',
    },
    chat: { title: 'Ask it yourself', text: 'Talk to the same model, offline, and see where it goes wrong.' },
  },
  facts: {
    title: 'What a score here means',
    exam: 'A score is exam performance. It is not evidence of clinical safety: independent work found high rates of safety errors in models that score well.',
    honest:
      'Each score names its model, quantization, prompt and data by fingerprint, says how many answers could not be read, and carries its 95% interval.',
    private:
      'Requests go only to the host you pick for a model or a dataset. There is no account, no analytics, no server of ours.',
  },
}
