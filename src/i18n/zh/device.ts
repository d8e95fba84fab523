import type { device as Shape } from '../en/device'

export const device: typeof Shape = {
  title: '本机',
  measuring: '正在检测本机性能…',

  proposal: '推荐在本机使用',
  proposalRuns: (model, variant, part) =>
    `${model}（${variant}，使用${part}）是此处预计能流畅运行、且为您的其他工作留有余地的最大模型。`,
  proposalSlow: (model, variant, part) =>
    `除演示模型外，没有模型能在本机流畅运行。其中 ${model}（${variant}，使用${part}）最快，可先试用。`,
  proposalBuiltIn: (model) => `本机只能运行内置演示模型 ${model}，它不具备任何真实医学知识。`,
  noProposal: '此浏览器无法运行列表中的任何模型。最新版 Chrome、Edge、Firefox 或 Safari 均可运行。',
  parts: { wllama: '处理器', webllm: '图形处理器' },
  show: (model) => `查看 ${model}`,

  noWebGpuTitle: '无法使用图形处理器，模型将在处理器上运行',
  noWebGpu: {
    'insecure-origin': '浏览器仅对 HTTPS 页面或本机页面开放 WebGPU。',
    'no-api': '此浏览器不提供 WebGPU。',
    'no-adapter': {
      hardware: '此浏览器支持 WebGPU，但不允许当前的显卡驱动程序使用它。',
      software: '此浏览器的图形全部由处理器绘制，因此 WebGPU 找不到图形处理器。',
      none: '此浏览器不允许任何页面使用 3D 图形，WebGPU 和 WebGL 均不可用。',
    },
  },
  emulatedTitle: '未使用图形处理器：WebGPU 由处理器模拟',
  emulated: '可以运行，但比 CPU 引擎更慢。',
  advice: {
    'secure-address': '请向网站管理者索取以 https:// 开头的地址，或在提供此网站的电脑上打开。',
    'update-chromium': '请更新浏览器：WebGPU 自 113 版起提供，Android 上自 121 版起提供。',
    'chromium-linux-flag':
      '在 Linux 上，请打开 chrome://flags，启用“Unsafe WebGPU Support”和“Vulkan”，然后重启浏览器。',
    'update-firefox': '请更新 Firefox：WebGPU 在 Windows 上自 141 版起提供，其他系统更晚。',
    'firefox-flag':
      '请打开 about:config，将 dom.webgpu.enabled 设为 true，然后重启 Firefox；或改用 Chrome 或 Edge。',
    'update-safari': '请更新 macOS 和 Safari：WebGPU 自 Safari 26 起提供。较旧的 Mac 请使用 Chrome 或 Edge。',
    'update-ios': '请更新系统：在 iPhone 和 iPad 上，WebGPU 自 26 版系统起对所有浏览器提供。',
    'other-browser': '请用最新版 Chrome、Edge、Firefox 或 Safari 打开此页面。',
    'chromium-acceleration':
      '请在浏览器设置的“系统”中开启“使用图形加速功能（如果可用）”，然后重启浏览器。远程会话或虚拟机中可能没有图形处理器。',
    'firefox-acceleration':
      '请在 Firefox 设置的“性能”中开启“自动启用硬件加速”，然后重启浏览器。远程会话或虚拟机中可能没有图形处理器。',
    'other-acceleration': '请在浏览器设置中确认已开启硬件加速。远程会话或虚拟机中可能没有图形处理器。',
    'ask-administrator':
      '请在设置中确认已开启图形加速。若已开启，可能是管理此浏览器的单位禁用了 3D 图形：请联系信息部门。',
    'update-driver': '请更新显卡驱动程序和浏览器，然后重启。',
  },

  gpu: '图形处理器（WebGPU）',
  gpuAvailable: (adapter) => (adapter === '' ? '可用' : `可用：${adapter}`),
  gpuSoftware: '由处理器模拟：可以运行，但非常慢',
  gpuMissing: '不可用',
  gpuRefused: '已找到，但模型无法使用',
  twoGpus: (used, other) => `本机有两个图形处理器。使用较快的 ${used}，不使用较省电的 ${other}。`,
  halfPrecision: '半精度（shader-f16）',
  halfPrecisionYes: '可用：可运行更小、更快的版本',
  halfPrecisionNo: '不可用：请选择 q4f32 版本',
  processor: '处理器',
  processorThreads: (threads) => `${threads} 线程`,
  processorSingle: (threads) => `${threads} 线程，但 CPU 引擎只能使用一个：网站未发送 COOP 和 COEP 响应头`,
  cpuEngine: 'CPU 引擎',
  cpuEngineBuild: {
    default: '以全速运行',
    compatible: '以兼容版本运行，速度较慢：此浏览器缺少 64 位 WebAssembly 内存',
    none: '无法运行：此浏览器缺少 WebAssembly SIMD，请更新浏览器',
  },
  memory: '内存',
  memoryAmount: (gigabytes) => `${gigabytes} GB`,
  memoryAtLeast: (gigabytes) => `至少 ${gigabytes} GB`,
  memoryUnknown: '此浏览器未提供',
  storage: '本网站的存储空间',
  storageUse: (used, quota) => `已用 ${used}，共 ${quota}`,
  storageUnknown: '此浏览器未提供',
  persistence: '已存储的内容',
  persisted: '受保护：浏览器不会自行清除',
  notPersisted: '尚未受保护：下载时会向浏览器请求',
  gpuMemoryNote: '浏览器不会透露显存大小。请将模型所需显存与您的显卡对照。',

  limits: '技术限制',
  browser: '浏览器',
  lowPower: '第二图形处理器（低功耗）',
  subgroups: '子组（subgroups）',
  subgroupSizes: (least, most) => `${least} 至 ${most} 线程`,
  limitNames: {
    maxBufferSize: '最大缓冲区',
    maxStorageBufferBindingSize: '最大存储绑定',
    maxComputeWorkgroupStorageSize: '工作组存储',
    maxStorageBuffersPerShaderStage: '每个着色器的存储缓冲区数',
    maxComputeInvocationsPerWorkgroup: '每个工作组的线程数',
  },
  deviceCheck: '按 WebLLM 的方式打开',
  deviceOpens: '成功',
  sharedMemory: '线程间共享内存',
  available: '可用',
  missing: '不可用',

  copyReport: '复制报告',
  copied: '已复制。',
  copyFailed: '浏览器不允许复制。请选中下面的文字自行复制。',
  reportLabel: '设备报告',

  verdict: {
    runs: '可在本机运行',
    softwareGpu: '运行缓慢：本机的 WebGPU 为模拟实现',
    slowProcessor: (tokensPerSecond) => `运行缓慢：约每秒 ${tokensPerSecond} 词元`,
    slowKernel: (quantization) => `运行缓慢：${quantization} 权重在处理器上比 Q4_K_M 慢数倍`,
    compatibleBuild: '运行缓慢：此浏览器需要使用 CPU 引擎的兼容版本',
    compatibleBuildAt: (tokensPerSecond) =>
      `运行缓慢：此浏览器需要使用 CPU 引擎的兼容版本，约每秒 ${tokensPerSecond} 词元`,
    noWebGpu: '无法在本机运行：没有 WebGPU',
    noHalfPrecision: '无法在本机运行：需要 shader-f16，而本机图形处理器不支持',
    bufferTooSmall: (needed, available) =>
      `无法在本机运行：需要 ${needed} 的图形缓冲区，此浏览器仅提供 ${available}`,
    workgroupTooSmall: (needed, available) =>
      `无法在本机运行：需要 ${needed} 的工作组存储，本机图形处理器仅有 ${available}`,
    tooFewBuffers: (needed, available) =>
      `无法在本机运行：每个着色器需要 ${needed} 个存储缓冲区，本机图形处理器仅有 ${available} 个`,
    deviceRefused: '无法在本机运行：浏览器找到了图形处理器，但无法为模型打开它',
    noSimd: '无法在本机运行：此浏览器缺少 WebAssembly SIMD',
    fileTooLarge: (needed, available) => `无法在本机运行：文件为 ${needed}，CPU 引擎最多容纳 ${available}`,
    memoryTooSmall: (needed, available) => `无法在本机运行：需要内存 ${needed}，可用约 ${available}`,
    noFileSystem:
      '无法下载到本机：此浏览器不允许页面保存文件。请使用最新浏览器，通过 HTTPS 并在非无痕窗口中打开',
    storageTooSmall: (needed, available) =>
      `无法下载到本机：需要存储空间 ${needed}，剩余 ${available}；请删除已存储的模型或释放磁盘空间`,
  },
}
