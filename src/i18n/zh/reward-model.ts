import type { rewardModel as Shape } from '../en/reward-model'

export const rewardModel: typeof Shape = {
  badge: '奖励模型',
  purpose:
    '为回答的各个步骤评分，不能写作或答题。请先加载它，再打开每题抽取多个回答的评测，在结果页为其步骤评分。',
  openResults: '结果',
  notForChat: (name) =>
    `已加载的“${name}”是奖励模型：它只为回答的各个步骤评分，不能对话。请加载语言模型后再提问。`,
}
