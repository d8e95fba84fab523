import type { reuse as Shape } from '../en/reuse'

export const reuse: typeof Shape = {
  plan: {
    title: '提示词的读入方式',
    on: '沿用相同的开头',
    off: '每次从头读起',
    use: '沿用与前面提示词相同的开头',
    text: '同一次评测的题目共用一段说明；同一题生成多个回答时，整个提示词都相同。开启后，引擎只读新的部分，因而更快。评测过程中会与从头读入的结果比对，比对一致后回答才计入；一旦不一致，自上次比对以来的题目重新作答，此后一律从头读起，并在结果中注明。',
    numbers:
      '在处理器上，所得数值逐位相同。在图形处理器上，差异不超过比对的允许值；其计算结果未经检查时，不沿用任何内容。',
  },

  checkFailed: {
    onGpu:
      '沿用提示词开头所得的数值与从头读入的不一致。重新加载此模型之前，提示词一律从头读起；下次加载时会重新检查图形处理器的计算结果。',
    onCpu: '沿用提示词开头所得的数值与从头读入的不一致。重新加载此模型之前，提示词一律从头读起。',
  },

  held: {
    waiting: (count) => `待下一次与从头读入比对后计入：${count} 个回答。`,
    title: '部分回答暂不计入',
    paused: (count) =>
      `已保存但未计入的回答：${count} 个。这些题目沿用了已有的开头，之后还没有与从头读入的结果比对过。评测继续后，最迟在结束时比对，通过后才计入。`,
    ended: (count) =>
      `已保存但未计入的回答：${count} 个。这些题目沿用了已有的开头，而评测在与从头读入的结果比对之前就结束了。本次评测的得分和导出文件都不含这些回答。`,
  },

  reply: {
    awaits: '这条提示词沿用了先前读入的开头，之后还没有与从头读入的结果比对过。',
    inDoubt:
      '这条回答可能有误：其提示词沿用了先前读入的开头，而随后与从头读入的比对不一致。采信之前，请重新回答。',
  },

  fact: '提示词的读入方式',
  facts: {
    reused: '可沿用相同的开头',
    anew: '每次从头读起',
  },

  tokens: '实际读入的提示词元（含比对）',
  kept: '沿用的提示词元',
  why: (tokens, reason) => `${tokens}（${reason}）`,
  stepwise: '逐个读入',
  some: (reason) => `其中有的从头读起：${reason}`,
  compared: '两种方式均读过，数值一致',
  notCompared: '本次未与从头读入比对',
  scoring: {
    tokens: '打分时实际读入的词元（含比对）',
    kept: '打分时沿用的词元',
  },

  reasons: {
    'nothing-in-common': '与前面的提示词没有共同的开头',
    'not-tested': '图形处理器的计算结果尚未检查',
    'self-test-failed': '图形处理器未通过计算结果检查',
    'structure-unknown': '此引擎版本的内部结构未经确认',
    'sliding-window': '模型使用滑动窗口',
    'recurrent-model': '模型采用循环状态',
    'check-failed': '与从头读入的比对不一致',
  },

  summary: {
    title: '提示词的读入方式',
    share: (percent, kept, all) =>
      `全部提示词元中有 ${percent}（${kept} / ${all}）沿用自前面的提示词，没有重读。`,
    reused: (prompts, all) => `${all} 个提示词中，有 ${prompts} 个沿用了与前面相同的开头。`,
    none: '每个提示词都从头读起。',
    stepwise: (prompts) => `因图形处理器的限制而逐个词元读入的提示词：${prompts} 个。`,
    cold: '从头读起的提示词，按原因',
    checkFailed:
      '有一次与从头读入的比对不一致。自上一次比对一致以来沿用过开头的题目均已重新作答，此后不再沿用任何内容。',
    compared: (prompts) => `两种方式均读过且数值一致的提示词：${prompts} 个。`,
  },
}
