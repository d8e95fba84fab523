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
    'Some models are published as an adapter for another one. Choose its folder here (adapter_config.json and adapter_model.safetensors) and then the folder of the model that it was trained on: the two are merged while they are converted. An adapter with a “score” head, such as MedS3’s, becomes a reward model. For models at an address, name the adapter beside the address.',
  adapterFolder: 'Choose the adapter’s folder…',
  adapterChosen: (name: string) => `${name} will be merged into the original weights that you choose next.`,
  adapterForget: 'Without an adapter',
  adapterAddress: 'Address of the adapter',
  adapterAddressHint:
    'A repository such as owner/name, or an address. The adapter is merged into the original weights named above while they are converted; one with a “score” head, such as MedS3’s, becomes a reward model.',
  adapterFound: 'This is a LoRA adapter',
  adapterBase: (base: string) =>
    `It is of use only together with the model that it was trained on. It names ${base}.`,
  adapterNoBase:
    'It is of use only together with the model that it was trained on, and it does not say where that is published. Type the address of that model; the adapter is merged into it.',
  adapterMerge: (base: string) => `Look at ${base} with this adapter`,
  adapterWithout: 'Type the address of the model',
  notForChat: (name: string) =>
    `${name} is loaded. It is a reward model: it scores the steps of replies and cannot chat. Load a language model to ask something.`,
}
