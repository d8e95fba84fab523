/** Models that score the steps of replies and write nothing. */
export const rewardModel = {
  badge: 'Reward model',
  purpose:
    'Scores the steps of replies; it cannot write or answer. Load it, open a run with several replies per question, and have their steps scored there.',
  openResults: 'Results',
  kind: 'Kind of model',
  adapters: 'LoRA adapters',
  adapter: 'LoRA adapter (optional)',
  adapterHint:
    'Some models are published as an adapter for another one. Choose its folder here (adapter_config.json and adapter_model.safetensors) and then the folder of the model that it was trained on: the two are merged while they are converted. An adapter with a “score” head, such as MedS3’s, becomes a reward model. For models at an address, use the converter on the command line.',
  adapterFolder: 'Choose the adapter’s folder…',
  adapterChosen: (name: string) => `${name} will be merged into the original weights that you choose next.`,
  adapterForget: 'Without an adapter',
  notForChat: (name: string) =>
    `${name} is loaded. It is a reward model: it scores the steps of replies and cannot chat. Load a language model to ask something.`,
}
