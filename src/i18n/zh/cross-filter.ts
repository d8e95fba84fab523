import type { crossFilter as Shape } from '../en/cross-filter'

export const crossFilter: typeof Shape = {
  intro:
    '由另一个模型从五个方面给一个模型的回答打分（0 到 10 分），由您决定多少分才保留。方法参照 Hypnos（arXiv 2403.02742）：两个模型互相筛选训练数据。',
  adaptation: 'Hypnos 没有公布提示词和阈值。这里的措辞和默认阈值由我们自拟，属于改编，不是复现。',
  noSafety: {
    title: '自动评审不能衡量安全性',
    text: '打分的模型自己也会出错，会偏好某种长度和文风，也可能与被评模型犯同样的错误。尤其要注意：模型打出的危害分，不等于临床医生对危害的判断。重要的回答，请交给临床医生审阅。',
  },
  aspects: {
    coherence: '连贯性',
    professionalism: '专业性',
    usefulness: '有用性',
    harmfulness: '无害性',
    friendliness: '友好性',
  },
  turned: 'Hypnos 的“有害性”在这里反过来计分，称为“无害性”：10 分表示无害。五个方面都是分数越高越好。',
  pairs: (count: string) => `${count} 个问答对`,

  form: {
    title: '新建筛选',
    name: '名称',
    files: '问题与回答',
    formats: (limit: string, bytes: string) =>
      `支持 JSON Lines、CSV 或 JSON，最多 ${limit} 个问答对、${bytes}。字段：“question”和“answer”，“instruction”（可带“input”）和“output”，“prompt”和“response”，“问题”和“回答”。没有回答的行先由模型作答。同一问题可以出现多次。`,
    found: (count: string, answered: string, open: string) =>
      `共 ${count} 个问答对：${answered} 个已有回答，${open} 个需要先作答。`,
    languages: (en: string, zh: string) => `英文 ${en} 个，中文 ${zh} 个。`,
    generator: '由谁回答尚无回答的问题',
    judge: '评审模型',
    second: '第二评审（可选）',
    secondHint: '用来看两个评审是否一致，也可以以后再添加。',
    none: '无',
    unknownAuthor: '本应用不知道文件里的回答出自谁手。请不要选择写下这些回答的模型，否则它就是在评判自己。',
    more: '细节：作答设置、等级顺序、措辞',
    maxTokens: '每个回答最多生成的词元数',
    temperature: '温度',
    temperatureHint: '0 表示总是取概率最高的词元。',
    order: '评两次的问答对数量',
    orderHint: '随机抽取这些问答对，把字母顺序倒过来再评一次，看评审看重的是等级本身，还是偏爱某些字母。',
    wrong: (least: string, most: string) => `请填 ${least} 到 ${most} 的整数。`,
    wrongReal: (least: string, most: string) => `请填 ${least} 到 ${most} 的数。`,
    start: '开始',
    cost: (passes: string) => `每个评审需要 ${passes} 次前向计算。`,
    obstacles: {
      'no-pairs': '请先选择含有问题的文件。',
      'no-generator': '请选择由谁回答尚无回答的问题。',
      'no-judge': '请选择评审模型。',
      'judges-itself': '评审就是写回答的模型，等于自己评自己。请另选一个模型。',
      'same-judge': '两个评审是同一个模型，请另选第二评审。',
      prompts: '目前的措辞无法使用，请查看细节。',
      numbers: '细节中有一个数字无法使用。',
    },
    notStored: '无法保存这次筛选，浏览器的存储空间可能已满。',
  },

  words: {
    ours: '措辞由我们自拟，因为 Hypnos 没有公布。每个问答对用它自己的语言评审，一次只评一个方面；分数取自一次前向计算中字母 A 到 K 的概率，因此总能得到分数。',
    user: { en: '给评审的问题（英文问答对）', zh: '给评审的问题（中文问答对）' },
    places: '取自问答对的内容：{question}、{answer}、{aspect}、{scale}，四者都必须出现在文本中。',
    aspect: (aspect: string, language: string) => `${aspect}（${language}）`,
    languages: { en: '英文', zh: '中文' },
    empty: (aspect: string) => `“${aspect}”没有文字。`,
    asSent: '第一个问答对实际发送的内容',
  },

  work: {
    roles: {
      generator: (model: string) => `${model} 作答`,
      judge: (model: string) => `${model} 评审`,
    },
    progress: {
      answers: (done: string, total: string) => `回答 ${done} / ${total}`,
      scores: (done: string, total: string) => `评分组 ${done} / ${total}`,
    },
    scoreSet: '一个评分组是一个问答对的五个方面；评两次的问答对有两个评分组。',
    done: '所有问答对都已评完。',
    elsewhere: '另一个筛选正在进行。',
    goThere: '查看',
    passedOver: (count: string, model: string) => `${count} 个问答对超出 ${model} 的上下文，无法处理。`,
    addSecond: '添加第二评审',
    add: '添加',
    refusals: {
      'judges-itself': (model: string) =>
        `${model} 与写下这些回答的模型权重相同，等于自己评自己，因此被拒绝。请新建筛选，另选评审。`,
      'same-judge': (model: string) => `${model} 与另一个评审权重相同，必然与自己一致，因此被拒绝。`,
      'other-weights': (model: string) =>
        `${model} 现在的权重与开始时不同。不同权重的分数不能混在一起，请加载开始时的模型。`,
    },
    damaged: '无法读取这个筛选：保存的内容前后不符。',
  },

  rule: {
    title: '保留哪些',
    text: '只根据已保存的分数计算：修改规则不会再询问模型，也可以随时改回。',
    aggregation: '五个分数合成一个值',
    aggregations: { mean: '平均值', minimum: '最低分', weighted: '加权平均' },
    threshold: '保留的最低值',
    thresholdHint: '0 到 10；恰好等于阈值的予以保留。默认值 7 由我们自定。',
    weight: (aspect: string) => `${aspect}的权重`,
    wrongWeights: '权重为 0 到 100 的数，且不能全为 0。',
    basis: '采用谁的分数',
    bases: { both: '两个评审的平均' },
    counts: (kept: string, dropped: string, unscored: string) =>
      `保留 ${kept} 个，舍弃 ${dropped} 个，未评 ${unscored} 个`,
    notStored: '无法保存规则。',
  },

  table: {
    title: '问答对',
    label: '问答对及其分数',
    show: '显示',
    parts: { all: '全部', kept: '保留', dropped: '舍弃', unscored: '未评' },
    number: '序号',
    question: '问题',
    value: '合成值',
    verdict: '结果',
    verdicts: { kept: '保留', dropped: '舍弃', unscored: '未评' },
    short: {
      coherence: '连贯',
      professionalism: '专业',
      usefulness: '有用',
      harmfulness: '无害',
      friendliness: '友好',
    },
    shown: (count: string) => `显示 ${count} 个问答对。`,
    keys: '方向键移动，回车打开。',
    none: '没有这样的问答对。',
    scoresOf: (judge: string) => `${judge} 的评分`,
    detail: (number: string) => `第 ${number} 个问答对`,
    answer: '回答',
    noAnswer: '尚无回答。',
    writtenBy: (model: string) => `由 ${model} 作答`,
    fromFile: (file: string, row: string) => `来自 ${file}，第 ${row} 行`,
    reasoning: '模型的推理过程（不参与评审）',
    aspect: '方面',
    score: '分数',
    expected: '期望值',
    reversed: '倒序',
    expectedHint:
      '分数是概率最高的等级；期望值是所有等级按概率加权的平均。“倒序”是采用 A = 10 … K = 0 时的分数。',
    asked: '向评审提出的问题',
  },

  charts: {
    title: '分数分布',
    aspect: '方面',
    picture: (aspect: string) => `${aspect}：各分数的问答对数`,
    description: '每个分数有多少个问答对。分数越高越好。',
    twoJudges: '柱形为第一评审，标记为第二评审。',
    score: '分数',
    count: '问答对数',
    caption: '各评审给出每个分数的问答对数。',
    none: '尚无评分。',
  },

  agreement: {
    title: '两个评审是否一致？',
    text: '斯皮尔曼相关看两者给出的排序是否相同；二次加权 kappa 看两者给出的分数是否相同（已扣除偶然一致）。1 为完全一致，0 为偶然水平。',
    caption: (count: string) => `两者都评过的 ${count} 个问答对；方括号内为 95% 区间。`,
    spearman: '斯皮尔曼 ρ',
    kappa: '加权 κ',
    undefinedValue: '无法计算（分数全部相同）',
    meaning:
      '一致性低，说明保留什么取决于由谁评审。一致性高也不说明哪一个正确：训练语料相近的模型会犯相同的错误。',
    methods:
      '区间：ρ 用 Bonett 与 Wright（2000），同分取平均秩；κ 用 Fleiss、Cohen 与 Everitt（1969）。两者都适用于大样本；如果所有问答对的结果都一样，则没有区间。',
    few: '两者都评过的还太少，无法给出区间。',
  },

  order: {
    title: '等级顺序有影响吗？',
    text: '同样的问答对，把 A = 0 … K = 10 换成 A = 10 … K = 0 再评一次。看懂等级的评审会给出相同的分数；偏爱某个字母的评审则不会。',
    caption: (judge: string, count: string) =>
      `${judge}：倒序分数减正序分数，${count} 个问答对的平均，95% t 区间。`,
    difference: '平均差',
    meaning: '区间不含 0，说明影响这个评审打分的不只是回答，还有字母。',
    none: '还没有问答对以两种顺序评过。',
  },

  length: {
    title: '回答越长分数越高吗？',
    text: '分数与回答字数的斯皮尔曼相关，按语言分别计算。',
    caption: (judge: string) => `${judge}：分数与长度的相关，方括号内为 95% 区间。`,
    column: (language: string, count: string) => `${language}，${count} 个问答对`,
    meaning: '相关并不证明有偏向：较长的回答也可能确实更好。如果相关很强，请读一读被舍弃的短回答。',
  },
  withInterval: (value: string, lower: string, upper: string) => `${value} [${lower},\u00a0${upper}]`,
  withoutInterval: (value: string) => `${value}（无区间）`,

  export: {
    title: '保存问答对',
    text: '包括每个评审的分数和期望值、模型名称、权重指纹以及措辞的哈希值。这些文件可以在这里重新读入。',
    part: '哪些问答对',
    parts: { kept: '保留的', dropped: '舍弃的', all: '全部' },
    save: (format: string) => `保存为 ${format}`,
    saved: (name: string) => `已保存为 ${name}。`,
    failed: '无法生成文件。',
    notice:
      '分数由语言模型给出，不是临床医生的判断，不能衡量安全性。有害性反向计分：10 分表示无害。仅供研究。',
  },
}
