import type { lab as Shape } from '../en/lab'

export const lab: typeof Shape = {
  title: '实验室',
  intro: '在这里，可以让一个模型反复推敲，也可以让一个模型评判另一个模型的回答。',
  intendedUse: '仅供教学与研究。模型在此写下的内容未经任何人核实，不得用于指导患者的诊疗。',
  open: '打开',
  toLab: '实验室',
  kinds: {
    experts: {
      title: '双专家推理',
      text: '一个模型边想边质疑自己，另一个模型负责审阅，直到认为推理已经充分，再整理成一篇完整的叙述。方法参照 Citrus。',
    },
    'cross-filter': {
      title: '交叉筛选',
      text: '一个模型写出回答，另一个不同的模型从五个方面打分，由您决定保留哪些。方法参照 Hypnos。',
    },
    'open-ended': {
      title: '开放性问题评测',
      text: '两个模型回答开放性问题，再将回答与参考答案对照、由评审比较，并由人盲评。做法参照 Hypnos。',
    },
  },
  list: {
    title: '以往记录',
    none: '还没有记录。',
    more: (name: string) => `“${name}”的更多操作`,
    rename: '重命名',
    newName: '新名称',
    save: '保存',
    delete: '删除',
    deleteNamed: (name: string) => `删除“${name}”`,
    deleted: (name: string) => `已删除“${name}”。`,
    standings: {
      working: '正在进行',
      elsewhere: '正在另一个标签页中进行',
      finished: '已完成',
      resting: '未完成，可以继续',
      failed: '因故障停止，可以继续',
    },
    changed: (date: string) => `修改于 ${date}`,
  },
  unknown: '这里没有这条记录：它已被删除，或是在别的浏览器中创建的。',
}
