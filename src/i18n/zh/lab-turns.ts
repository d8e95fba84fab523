import type { labTurns as Shape } from '../en/lab-turns'

export const labTurns: typeof Shape = {
  title: '轮次',
  left: (time: string) => `约剩 ${time}`,
  notYet: '未开始',
  next: (model: string) => `下一个：${model}。设备一次只能容纳一个模型，它会取代现有的模型。`,
  start: (model: string) => `加载 ${model} 并开始`,
  goOn: (model: string) => `用 ${model} 继续`,
  stop: '停止',
  phases: {
    preparing: '正在准备…',
    loading: '正在加载模型…',
    working: '正在进行。您可以离开本页；即使关闭标签页，以后也能从这里继续。',
    ending: '正在停止…',
  },
  taken: '引擎正用于本应用的其他工作。请等它结束或将其停止，再开始。',
  problems: {
    busyRun: '这项工作正在另一个标签页中进行。',
    busyEngine: '另一个标签页正在进行评测或其他使用模型的工作。',
    of: (model: string) => `${model} 无法完成这一轮。`,
    'study-gone': '这项工作已被删除。',
    'out-of-step': '另一个标签页已经继续了这项工作，请重新打开。',
    'storage-full': '浏览器的存储空间已满。此前保存的内容没有变化。',
    'storage-failed': '浏览器无法保存最后一步。此前保存的内容没有变化。',
  },
  pauses: {
    user: '已停止。已完成的部分都已保存，可以从原处继续。',
    'taken-over': '另一个标签页占用了引擎，可以在这里从原处继续。',
    'device-lost': '模型丢失（显卡或工作线程中断），可以从原处继续。',
    'out-of-memory': '内存不足，可以从原处继续。',
    'engine-failure': '模型无法加载或引擎出错，可以从原处继续。',
    'storage-full': '浏览器的存储空间已满，可以从原处继续。',
  },
  files: {
    choose: '选择文件…',
    reading: '正在读取…',
    leftOut: (count: string) => `有 ${count} 行未读入`,
    nothing: '没有读到任何内容',
    wrongShape: (file: string, found: string) =>
      `${file} 中没有问题字段，现有字段：${found}。应有“question”“instruction”“prompt”或“问题”。`,
    unknownFormat: (file: string, start: string) =>
      `${file} 不是 JSON Lines、CSV 或 JSON 文件，它的开头是“${start}”。`,
    noQuestion: (expected: string) => `应有以下字段之一：${expected.replaceAll(', ', '、')}。`,
  },
  words: {
    title: '向评审提出的问题',
    missing: (word: string) => `缺少 ${word}。`,
    unknown: (word: string) => `${word} 无法识别，会原样发送。`,
    tooLong: '过长。',
    back: '恢复我们的措辞',
    hash: '措辞的 SHA-256：',
  },
}
