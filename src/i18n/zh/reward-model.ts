import type { rewardModel as Shape } from '../en/reward-model'

export const rewardModel: typeof Shape = {
  badge: '奖励模型',
  purpose:
    '为回答的各个步骤评分，不能写作或答题。请先加载它，再打开每题抽取多个回答的评测，在结果页为其步骤评分。',
  openResults: '结果',
  kind: '模型类型',
  adapters: 'LoRA 适配器',
  adapter: 'LoRA 适配器（可选）',
  adapterHint:
    '有些模型以适配器的形式发布，须与另一个模型合并使用。请先在此选择适配器的文件夹（含 adapter_config.json 和 adapter_model.safetensors），再选择训练它时所用基础模型的文件夹，两者会在转换时合并。带有“score”输出头的适配器（如 MedS3 的）会成为奖励模型。基础模型位于网址时，请在网址旁填写适配器的地址。',
  adapterFolder: '选择适配器文件夹…',
  adapterChosen: (name) => `“${name}”将并入您接下来选择的原始权重。`,
  adapterForget: '不使用适配器',
  adapterAddress: '适配器的地址',
  adapterAddressHint:
    '填写 owner/name 形式的仓库名或网址。转换时，它会并入上面网址中的原始权重。带有“score”输出头的适配器（如 MedS3 的）会成为奖励模型。',
  adapterFound: '这是一个 LoRA 适配器',
  adapterBase: (base) => `它须与训练它时所用的基础模型合并使用。它注明的基础模型是 ${base}。`,
  adapterNoBase:
    '它须与训练它时所用的基础模型合并使用，但没有注明该模型发布在何处。请填写该模型的网址，适配器会并入其中。',
  adapterMerge: (base) => `查看 ${base} 并合并此适配器`,
  adapterWithout: '填写模型的网址',
  notForChat: (name) =>
    `已加载的“${name}”是奖励模型：它只为回答的各个步骤评分，不能对话。请加载语言模型后再提问。`,
}
