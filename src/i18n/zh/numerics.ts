import type { numerics as Shape } from '../en/numerics'

export const numerics: typeof Shape = {
  title: '图形处理器的计算结果',
  checking: '正在检查图形处理器的计算结果',
  checkingText:
    '让模型以五种方式读入同样的一小段词元，所得数值必须一致。对同一图形处理器、同一模型库和同一浏览器版本，只需检查一次。',
  later: '稍后再说',

  sound: '计算结果已检查。',
  soundText: (date, difference, tolerance) =>
    `检查时间：${date}。各种读入方式的差异不超过 ${difference}，允许值为 ${tolerance}。`,
  notTested: '计算结果尚未检查。',
  notTestedText: '有些图形处理器会算错，却不报任何错误。检查只需数秒；在此之前，每段提示词都会从头读入。',
  notTestedEmulated:
    '有些图形处理器会算错，却不报任何错误。本机的 WebGPU 由处理器模拟，检查需要数分钟；在此之前，每段提示词都会从头读入。',
  stopped: '检查未完成就结束了。',
  failed: (detail) => `无法完成检查：${detail}`,
  avoided: '本机图形处理器有些计算是错的，Somnus 已避开',
  avoidedText: {
    appends:
      '在模型已读内容之后一次追加多个词元时，本机会算错。因此 Somnus 总是从头读入提示词，较长的提示词则逐个词元读入：速度较慢，但这种方式的数值是一致的。',
    pops: '从模型已读内容中撤回词元后，本机会算错。因此 Somnus 不撤回词元，总是从头读入提示词：速度较慢，但这种方式的数值是一致的。',
  },
  wrong: '本机图形处理器无法正确计算此模型',
  wrongText: {
    steps:
      '即使逐个追加词元，本机的数值仍然是错的，没有任何读入方式可以避开。请勿依赖模型在此图形处理器上的回答或评分。',
    letters:
      '对已知题目，本机给出的选项字母与另一台设备用相同文件得到的不同。请勿依赖模型在此图形处理器上的回答或评分。',
  },
  remedy: '更新显卡驱动程序或浏览器可能有帮助；在处理器上运行的版本不受影响。',
  saysSo: '在本机得到的每项结果都会注明这一点。',
  check: '立即检查',
  checkAgain: '重新检查',
  inUse: '模型正在使用中，空闲后才能检查。',

  details: '检查内容',
  orders: {
    'two-chunks': '分两段读入',
    'small-chunk': '分两段读入，第二段仅四个词元',
    'one-by-one': '逐个读入',
    'after-pop': '撤回词元后再读入',
  },
  way: '读入方式',
  difference: '最大差异',
  caption: (tokens, tolerance) =>
    `读入 ${tokens} 个词元后，整个词表的 logit 与一次性读入相比的差异。允许值：${tolerance}。`,
  noNumber: '不是数值',
  letters: (same, items, device, difference) =>
    `${items} 道已知题目中，有 ${same} 道的选项字母与 ${device} 上相同；概率最多相差 ${difference}。`,
  noLetters: '此模型尚无其他设备上的选项字母可供比较。',
  kernel: '注意力内核',
  kernels: {
    inserted: '已修正：补上了缺少的同步屏障',
    'switched-off': '按您的选择保持原样',
    'kernel-absent': '此模型库中没有需要修正的内核',
    'pattern-unknown': '与已知的内核不同，因此保持原样',
  },
  tookMs: (duration) => `检查用时 ${duration}。`,

  settings: {
    correct: '修正 WebLLM 的注意力内核',
    hint: '编译后的模型有一处缺少同步屏障，在有些图形处理器上会因此算错，却不报任何错误。仅在需要对比时才关闭修正。',
    reload: '下次加载模型时生效。',
  },

  fact: '图形处理器的计算结果',
  facts: {
    'not-concerned': '不涉及：由处理器计算',
    'not-known': '未知',
    'not-tested': '未检查',
  },
  tested: (verdict, difference, tolerance, date) =>
    `${verdict}（最大差异 ${difference}，允许值 ${tolerance}；${date}）`,
  verdicts: {
    sound: '已检查，正确',
    avoided: '已检查，有错误，但已避开',
    wrong: '已检查，有错误',
  },

  result: {
    wrong: '图形处理器的计算结果有误',
    wrongText:
      '得出此结果的设备未通过自检，且无法避开错误。请勿依赖这些数字：请换一台设备，或在处理器上重新评测。',
    avoided: '得出此结果的图形处理器有些计算是错的',
    avoidedText: '得出此结果的设备未通过自检。出错的读入方式均已避开，实际使用的方式在自检中数值一致。',
    notTested: '未检查此设备的图形处理器是否计算正确。有些图形处理器会算错，却不报任何错误。',
    notKnown: '此次评测早于 Somnus 的自检功能，图形处理器的计算结果是否正确未知。',
  },
  chat: {
    wrong: '本机图形处理器无法正确计算此模型，请勿依赖它的回复。',
    avoided: '本机图形处理器有些计算是错的，Somnus 已避开，因此回复开始得较慢。',
    more: '查看检查结果',
  },
  compare: {
    agreed: '自检未发现错误',
  },
}
