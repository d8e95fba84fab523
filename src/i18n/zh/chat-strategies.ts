import type { chatStrategies as Shape } from '../en/chat-strategies'

export const chatStrategies: typeof Shape = {
  legend: '每个问题的回答数',
  strategy: '如何得到回答',
  hints: {
    single: '模型只回答一次。',
    'self-consistency': '抽取多个回答，取得票最多的答案；票数相同时取先出现的答案。',
    'best-of-n': '抽取多个回答，并为每一步打分，展示得分最高的回答。',
    'vote-sum': '抽取多个回答，并为每一步打分；答案相同的回答得分相加，与 MedS3 的做法一致。',
  },
  verifier:
    '得分来自自我验证，并非 MedS3 的奖励模型（PRM）：每一步之后询问当前模型，到此为止的解答是否正确。',
  samples: '回答数量',
  samplesHint: (least, most) => `${least} 到 ${most} 个，每个所需时间与单个回答相同。`,
  stopsEarly: '一旦后续回答不可能再改变答案，就提前停止',
  comparedTexts:
    '答案逐字比较：取 <answer> 中的内容、“答案是……”、单个字母，或只有一行的回答。从评测题目打开的对话则比较选项字母。',
  sameAtZero: '温度为 0 时，所有回答都相同。',
  vary: '改为温度 1、top-p 0.95（与 MedS3 相同）',
  thisOnly: '只对本对话有效。',

  drawing: (number, of) => `正在生成第 ${number} 个回答，共 ${of} 个`,
  scoring: (number, of) => `正在为第 ${number} 个回答的各步打分，共 ${of} 个`,

  why: '为什么展示这个回答',
  drawn: (taken, planned) => `${taken} / ${planned} 个回答`,
  settledEarly: (taken, planned) =>
    `计划 ${planned} 个回答，抽取 ${taken} 个后答案已不可能改变，因此提前停止。`,
  incomplete: (taken, planned) =>
    `计划 ${planned} 个回答，停止或中断前抽取了 ${taken} 个，只在这些回答中选择。`,
  drawRest: '抽取其余回答',
  otherModel: (name) => `这些回答由 ${name} 生成。如需继续，请先加载该模型。`,
  reasons: {
    majority: (answer, votes, of) =>
      `${of} 个回答中有 ${votes} 个的答案是“${answer}”。展示其中最先生成的一个。`,
    voteSum: (answer, score) => `“${answer}”的得分之和最高（${score}）。展示给出该答案且得分最高的回答。`,
    allDifferent: '各个回答的答案都不相同，没有多数意见。',
    firstOfAll: '展示最先生成的回答。',
    highestOfAll: '展示得分最高的回答。',
    best: (score) => `它的得分最高（${score}）；得分相同时取最先生成的。`,
    notComparable: '能够比较答案的回答不足两个，因此没有投票。展示最先生成的回答。',
    only: '只有一个回答生成完毕，无从比较。',
    none: '没有回答生成完毕。',
  },
  useBest: '改用 N 选一',
  useBestHint: '由自我验证为每个回答的各步打分，不需要比较答案。',
  byLetters: '按严格读法比较选项字母。',
  byTexts: '逐字比较答案。',
  scoresBy: (model) => `得分来源：自我验证，并非 MedS3 的 PRM（${model}）`,
  tally: '计票',
  answer: '答案',
  replies: '回答',
  score: '得分之和',
  votes: '票数',
  sample: (number) => `回答 ${number}`,
  shown: '当前展示',
  stopped: '未生成完毕即停止，不参与投票',
  cutOff: '达到长度上限而被截断',
  noAnswer: '没有可以比较的答案',
  worth: (value) => `得分 ${value}`,
  steps: '各步及其得分',
  noSteps: '没有可以打分的步骤，得分为 0。',
  notScored: '尚未打分',
  text: '全文',
  seed: (value) => `种子 ${value}`,
  tokens: (count) => `${count} 个词元`,
  cost: (tokens, time) => `全部回答共 ${tokens} 个词元，用时 ${time}。`,
  scoringCost: (tokens, time) => `打分读取了 ${tokens} 个词元，用时 ${time}。`,

  citrusPrompts:
    'Citrus 格式：思考写在 <think> 中，答案写在 <answer> 中，以最后一个为准。措辞为我们的改编，得分不能与 AnesBench 官方结果比较。同时建议采用 Citrus 的温度 0.7 和 4096 个词元的上限。',
  citrusPreset: {
    name: 'Citrus 格式',
    description:
      '医学专家在 <think> 中逐步思考，在 <answer> 中作答。格式、温度 0.7 和 4096 个词元的上限与 Citrus 一致，措辞为我们的改编；问题按原样发送，不加 <Question>。',
  },
}
