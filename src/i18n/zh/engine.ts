import type { engine as Shape } from '../en/engine'

export const engine: typeof Shape = {
  elsewhere: (model, since) => `另一个标签页自 ${since} 起加载了“${model}”。`,
  elsewhereSilent: '另一个标签页正在使用引擎。',
  onlyOne: '同一时间只能有一个标签页加载模型：两个模型会争用内存，并影响彼此的计时。',
  measuring: '那里正在进行评测。接管会使评测暂停，已存储的答案不会丢失。',
  waits: (model) => `另一个标签页用完后，“${model}”将在此加载。`,
  useHere: '在本页使用',
  notNow: '留在那边',
  asking: '另一个标签页正在结束工作并卸载模型……',
  taken: (model) => `引擎已由另一个标签页接管，“${model}”已在本页卸载。`,
  takenKept: '未写完的回复已按当时的内容保留；进行中的评测已暂停，可以继续。',
  takeBack: '收回引擎',
  exact: {
    show: (model) => `显示“${model}”的对话模板写出的全文`,
    title: (model) => `按“${model}”的对话模板`,
    text: '模型读取的就是这段文本切分成的词元，回复从文本结尾处继续。',
    begins: '模型先读取一个起始词元，再读取这段文本切分成的词元，回复从文本结尾处继续。',
    noModel: '加载模型后，可以查看其对话模板在这些消息前后写入的标记。',
  },
  slowStep:
    '在性能较低的显卡或繁忙的电脑上，此步骤可能需要几分钟。您可以继续等待，也可以停止并改选更小的模型。',
}
