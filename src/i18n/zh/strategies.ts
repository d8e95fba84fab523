import type { strategies as Shape } from '../en/strategies'

export const strategies: typeof Shape = {
  names: {
    single: '一次作答',
    'self-consistency': '自洽（多数表决）',
    'best-of-n': 'N 选一',
    'vote-sum': '加权投票',
  },
  worth: {
    min: '最弱一步的得分（MedS3 的做法）',
    last: '最后一步的得分',
    mean: '各步得分的平均',
    product: '各步得分的乘积',
  },
  worthShort: { min: '最弱一步', last: '最后一步', mean: '各步平均', product: '各步乘积' },
  ofSamples: (name, samples) => `${name}，${samples} 个回答`,
  byWorth: (name, worth) => `${name}（按${worth}）`,
  leads: '（领先）',
  stopsEarly: '不抽取已无法改变答案的回答',
  drawsAll: '全部抽取',
  scorers: {
    'self-verifier': '自我验证，并非 MedS3 的 PRM',
    'reward-model': '奖励模型',
  },
  running: {
    question: '当前题目',
    reply: (number, planned) => `第 ${number} 个回答，共 ${planned} 个`,
    replyOfMost: (number, planned) => `第 ${number} 个回答，最多 ${planned} 个`,
    scoring: (number) => `正在给第 ${number} 个回答的各步打分`,
    votes: (reading) => `目前得票：${reading}`,
    noVotes: '无',
    saved: '提前停止省下的回答',
    savedOf: (count, share) => `${count}（${share}）`,
    atMost: (time) => `不超过${time}`,
  },
  form: {
    title: '每题的回答数',
    legend: '每道题如何作答',
    stateSingle: '一个，官方做法',
    stateSeveral: (name, samples) => `${name}，最多 ${samples} 个回答`,
    texts: {
      single: '模型只答一次。已发表的 AnesBench 得分均采用此方式。',
      'self-consistency': '随机抽取多个回答，以其中出现最多的字母为答案。',
      'best-of-n': '抽取多个回答并给各步打分，只以价值最高的那个回答为准。',
      'vote-sum':
        '抽取多个回答并给各步打分。每个回答以自身的价值为权重投票给自己的字母，总和最大的字母即为答案。MedS3 采用此方式。',
    },
    costs: {
      single: '通常的用时。',
      'self-consistency': '用时最多为 N 倍。',
      'best-of-n': '用时最多为 N 倍，另外每一步还要多算一次。',
      'vote-sum': '用时最多为 N 倍，另外每一步还要多算一次。',
    },
    samples: '每题的回答数（N）',
    samplesHint: 'MedS3 取 16 或 32。',
    samplesInvalid: (least, most) => `请输入 ${least} 至 ${most} 的整数。`,
    worth: '回答的价值取',
    worthHint: '没有可打分步骤的回答，价值为 0。',
    stopsEarly: '当后续回答已不可能改变答案时停止抽取',
    stopsEarlyHint: '答案与抽满 N 个时相同，但可供事后比较其他选法的回答会变少；若要做这种研究，请关闭此项。',
    scorer:
      '模型给自己的步骤打分：每一步之后都问它到此为止的解答是否正确，以“是”的概率为得分。这是自我验证，并非 MedS3 的 PRM。之后可在结果页用另一个模型给已保存的回答打分。',
    drawnAt: (temperature, topP, seed) =>
      `抽取时温度为 ${temperature}，top-p 为 ${topP}，种子为 ${seed}，每个回答由此得到各自的种子。三者可在“解码参数”中修改。`,
    alike: '温度为 0 时，同一题的所有回答都相同，无从选择。抽取多个回答需要大于 0 的温度。',
    takeProposed: (temperature, topP) => `采用温度 ${temperature}、top-p ${topP}`,
    needsReplies: (protocol) =>
      `只有“${protocol}”方案才会抽取多个回答。按上面所选的方案，本次评测每题只答一次。`,
  },
}
