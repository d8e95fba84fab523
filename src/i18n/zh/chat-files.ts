import type { chatFiles as Shape } from '../en/chat-files'

export const chatFiles: typeof Shape = {
  title: '对话文件',

  export: {
    action: '另存为文件',
    title: (name) => `保存“${name}”`,
    format: '格式',
    formats: {
      html: {
        name: '网页（HTML）',
        text: '当前分支，做成一个任何浏览器都能打开的页面。不运行脚本，不请求任何内容。适合阅读、打印和分发。',
      },
      markdown: {
        name: '文本（Markdown）',
        text: '当前分支，适合编辑器和代码仓库。',
      },
      'json-tree': {
        name: '数据，全部分支（JSON）',
        text: '整个对话。Somnus 可以重新打开。',
      },
      'json-branch': {
        name: '数据，当前分支（JSON）',
        text: '其他分支的内容不会写入。Somnus 可以重新打开。',
      },
    },
    content:
      '文件按原样包含问题和回复。每条回复都标明为模型输出，并附模型、指纹、日期和设置。分享之前，请检查其中是否有个人信息。',
    save: '保存',
    preparing: '正在生成文件…',
    saved: (name) => `${name} 已交给浏览器保存。`,
    failed: '文件未能生成。请刷新页面后重试。',
    unreadable: (size) => `Somnus 将无法再打开此文件（${size}）`,
    allTheSame: '仍然保存',
    gone: '此对话已在另一个标签页中删除。',
  },

  import: {
    action: '打开对话文件',
    drop: '松开即可将此文件作为对话打开。',
    imported: (title) => `“${title}”已加入对话列表。`,
    known: (title) => `内容已全部在此：“${title}”。`,
    failed: (file) => `未能打开“${file}”`,
    mark: (file, at) => `${at} 从“${file}”打开。其中的回复自称出自哪个模型，在此无法核实。`,
  },

  presets: {
    export: '将预设存为文件',
    import: '打开预设文件',
    title: '来自文件的预设',
    warning: '系统消息决定模型如何回答。保留之前请先读一遍，尤其是不知道作者是谁的时候。',
    name: '名称',
    description: '说明',
    system: '系统消息',
    ownSystem: '无：使用模型自带的模板',
    temperature: '温度',
    topP: 'Top-p',
    maxTokens: '回复长度上限',
    tokens: (count) => `${count} 词元`,
    seed: '随机种子',
    anySeed: '每次回复各不相同',
    same: (name) => `您已有一个设置完全相同的预设：“${name}”。`,
    renamed: (name) => `已有同名的其他预设，因此将保存为“${name}”。`,
    keep: '保留此预设',
    use: '使用我的预设',
    kept: (name) => `现在使用预设“${name}”。`,
    notStored: '预设未能保存。请腾出空间或刷新页面，然后重新打开文件。',
  },

  problems: {
    tooLarge: (size, limit) => `文件为 ${size}，最多只能读取 ${limit}。`,
    unreadable: '浏览器无法读取该文件。文件是否被移动或修改？请重新选择。',
    notJson: '它不是 JSON，或内容不完整。',
    notJsonAt: (message) => `从第 ${message} 条消息起不是 JSON：此处被截断或已损坏。`,
    tooLong: (limit) => `消息之外的内容超过 ${limit} 个字符。`,
    messageTooLong: (message, limit) => `第 ${message} 条消息超过 ${limit} 个字符。`,
    tooMany: (limit) => `消息超过 ${limit} 条。`,
    otherFormat: {
      conversation: '它不是 Somnus 的对话。此处只能打开以 JSON 保存的对话，不能打开网页或 Markdown。',
      preset: '它不是 Somnus 的预设。',
    },
    otherVersion: (version) => `其格式版本为 ${version}，本应用无法识别。请用更新版本的 Somnus 打开。`,
    misfit: (place, expected, found) => `${place} 处：应为${expected}，实为 ${found}。`,
    storageFull: '存储空间已满，未保存任何内容。请删除对话、评测记录或模型，然后重新打开文件。',
    storageFailed: '未能保存。请刷新页面后重新打开文件。',
  },

  expected: {
    largerNumber: (than) => `大于 ${than} 的数`,
    'earlier-message': '更早的一条消息的编号',
    message: '此文件中某条消息的编号',
    'no-message': ' null，因为文件中没有消息',
  },

  document: {
    saved: (at, app) => `${at} 由 Somnus ${app} 保存。`,
    you: '提问',
    modelOutput: '模型输出',
    editedOutput: '模型输出，经人修改',
    continued: '分多次写成；以下信息属于最后一次。',
    reasoning: '推理过程',
    summary: (model, edited) => `代替较早消息的摘要，由 ${model} 撰写${edited ? '，经人修改' : ''}`,
    labels: {
      model: '模型',
      quantization: '量化',
      fingerprint: '指纹',
      engine: '引擎',
      date: '日期',
      settings: '设置',
      system: '系统消息',
      tokens: '长度',
    },
    ownSystem: '模型自带',
    unknown: '未知',
    speed: (length, speed) => `${length}，${speed}`,
  },
}
