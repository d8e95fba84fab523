import type { failures as Shape } from '../en/failures'

export const failures: typeof Shape = {
  technicalDetails: '技术细节',
  aborted: {
    problem: '已按您的要求停止。',
    nextStep: '可随时重新开始。',
  },
  notLoaded: {
    problem: '尚未加载模型。',
    nextStep: '请先在“模型”页面加载一个模型。',
  },
  noWebGpu: {
    problem: '此浏览器不支持该模型所需的 WebGPU。',
    nextStep: '请使用新版 Chrome、Edge 或 Safari，或者改选 CPU 引擎的模型。',
  },
  noAdapter: {
    problem: '浏览器没有找到可用的图形处理器（GPU）。',
    nextStep:
      '请重新启动浏览器：图形驱动多次崩溃后，浏览器不再提供 GPU。如果仍然不行，请在浏览器设置中开启硬件加速并更新显卡驱动，或者改选 CPU 引擎的模型。',
  },
  insecureOrigin: {
    problem: '浏览器只对 HTTPS 页面或本机页面开放 WebGPU。',
    nextStep: '请通过 https:// 或 localhost 打开 Somnus。',
  },
  featureMissing: (feature) => ({
    problem: `此浏览器或显卡不支持该模型所需的 ${feature}。`,
    nextStep: '请改选该模型的其他版本（q4f32_1 不需要 shader-f16），或换用其他浏览器。',
  }),
  downloadFailed: (host) => ({
    problem: `从 ${host} 下载时中断。`,
    nextStep: '请检查网络连接，然后重新加载模型。',
  }),
  downloadRefused: (host, status) => ({
    problem: `${host} 拒绝了下载请求（HTTP ${status}）。`,
    nextStep: '请过几分钟再试。如果仍然失败，说明文件已被移动或撤下，请改选其他模型。',
  }),
  storageFull: (size) => ({
    problem: `浏览器的存储空间放不下该模型（${size}）。`,
    nextStep: '请释放磁盘空间，或删除不再需要的数据集和评测，然后重新加载。',
  }),
  checksumMismatch: {
    problem: '下载的文件与模型目录中的记录不符，已将其丢弃。',
    nextStep: '请重新加载模型。如果再次出现，说明源文件已被更改，请勿使用。',
  },
  modelInvalid: {
    problem: '引擎无法读取该模型文件。',
    nextStep: '文件可能已损坏、不完整，或属于引擎不支持的模型架构。请重新下载或改选其他模型。',
  },
  modelTooLarge: (size, limit) => ({
    problem: `该模型大小为 ${size}，而 CPU 引擎最多只能容纳 ${limit}。`,
    nextStep: '请改选更小的模型或量化版本，或者用 WebGPU 运行。',
  }),
  outOfMemory: {
    problem: '内存不足，无法运行该模型。',
    nextStep: '请关闭其他标签页和程序后重新加载，或者改选更小的模型或更短的上下文。',
  },
  deviceLost: {
    problem: '与图形处理器的连接已丢失，多因显存不足或驱动重置。',
    nextStep: '请重新加载模型；如果反复出现，请改选更小的模型。',
  },
  contextExceeded: (promptTokens, contextTokens) => ({
    problem: `文本共 ${promptTokens} 个词元，而模型加载时的上下文长度为 ${contextTokens}。`,
    nextStep: '请缩短文本，或以更长的上下文重新加载模型。',
  }),
  workerLost: {
    problem: '引擎已停止运行或未能启动，多因内存不足。',
    nextStep: '请重新加载模型；如果反复出现，请改选更小的模型。如果打开本页后网络断开，请联网并刷新本页。',
  },
  takenOver: {
    problem: '引擎已由另一个标签页接管。',
    nextStep: '请在那个标签页中继续，或在本页收回引擎。',
  },
  reuseCheckFailed: {
    problem: '所沿用的提示词开头未通过检查，已放弃这个回答。',
    nextStep: '请重新提问：重新加载此模型之前，提示词一律从头读起。',
  },
  lettersNotTokens: {
    problem: '该模型无法为选项字母评分：其词表中并非每个字母都是单独的词元。',
    nextStep: '请选择由模型写出答案的方案，或改选其他模型。',
  },
  notARewardModel: {
    problem: '当前加载的是语言模型，没有为推理步骤评分的输出头。',
    nextStep: '请加载奖励模型，或由语言模型自行评判各步骤。',
  },
  onlyARewardModel: {
    problem: '这是奖励模型：它只为回答的各个步骤评分，不能写作或答题。',
    nextStep: '请加载语言模型，再用本模型为其回答评分。',
  },
  engineError: {
    problem: '引擎报告了一个错误。',
    nextStep: '请重试。如果仍然出错，请重新加载模型或改选其他模型。',
  },
}
