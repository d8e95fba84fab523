import type { conversion as Shape } from '../en/conversion'

export const conversion: typeof Shape = {
  card: {
    convert: '用原始权重转换',
    cost: (source, host, result, quantization) =>
      `从 ${host} 读取约 ${source}，保存约 ${result}（${quantization}）。开始之前会列出全部细节。`,
    chooseFolder: '选择您的权重所在文件夹',
    stored: (quantization) => `已在本机转换（${quantization}）。`,
    show: '在列表中查看',
    underWay: '其转换任务见我的模型列表。',
  },
  introduction: (host) =>
    `这些是原始权重。Somnus 会从 ${host} 分块读取，并在本机转换为可在图形处理器上运行的模型；原始权重不会整体保存。可随时停止，之后再继续，关闭浏览器后也可以。`,
  time: '所需时间',
  timeMeasured: (time, rate) => `约 ${time}（按刚才的速度 ${rate}/秒）`,
  timeAssumed: (time, rate) => `约 ${time}（按 ${rate}/秒）`,
  memory: '转换时占用内存',
  memoryAbout: (size) => `约 ${size}`,
  room: '可用空间',
  roomFree: (free) => `此浏览器约有 ${free} 可用`,
  sourceFrom: (size, host) => `${size}，来自 ${host}`,

  family: '对话格式',
  familyUse: '按此格式继续',

  paused: (percent) => `转换停在 ${percent}；已完成的部分会保留。`,
  pausedFolder: (percent) =>
    `转换停在 ${percent}；已完成的部分会保留。如需继续，请在“添加模型”处再次选择原始权重所在文件夹。`,
  damagedFolder: '请在“添加模型”处再次选择原始权重所在文件夹，以重新生成。',
  resume: '继续转换',
  resumeNamed: (name) => `继续转换 ${name}`,
  repairNamed: (name) => `修复 ${name}：重新转换损坏的文件`,
  source: (name) => `由文件夹“${name}”转换而来`,
  sourceAddress: '转换自',
  sourceFiles: (count) => `已记录 ${count} 个文件及其校验值。`,

  token: {
    title: (host) => `${host} 的访问令牌`,
    how: (host) =>
      `请登录 ${host}，打开该模型的页面并接受其条款，然后创建一个具有读取权限的令牌，填写在此处。`,
    checkAddress: '请先检查地址：有些网站在地址有误时也会这样回复。若地址无误，则该模型需要令牌。',
    page: '创建令牌的页面',
    rejected: (host) =>
      `令牌未被接受：可能输入有误或已过期，也可能其所有者尚未在 ${host} 的模型页面上接受条款。`,
    label: '访问令牌',
    hint: (host) => `仅发送给 ${host}，仅用于此模型，关闭本页后即被遗忘。`,
    hintRemembered: (host) => `仅发送给 ${host}，每次从那里获取内容时使用。`,
    exposed: '此地址未加密：网络中的其他人可能读到该令牌。',
    invalid: '请按原样输入令牌，不含空格。',
    remember: '在这台电脑上记住',
    use: '使用此令牌重试',
    remembered: '访问令牌',
    rememberedHint: '应您的要求保存在此浏览器中，不会发送给其他主机。',
    forget: (host) => `忘记 ${host} 的令牌`,
    forgotten: (host) => `已忘记 ${host} 的令牌。`,
  },
}
