/** What was measured of this computer, and what that means for a model. */
export const device = {
  title: 'This computer',
  measuring: 'Looking at what this computer can do…',

  proposal: 'Proposed for this computer',
  proposalRuns: (model: string, variant: string, part: string) =>
    `${model} (${variant}, on the ${part}) is the largest model here that should run fluently and leave room for your other work.`,
  proposalSlow: (model: string, variant: string, part: string) =>
    `Nothing larger than the demonstration runs fluently here. ${model} (${variant}, on the ${part}) is the quickest to try.`,
  proposalBuiltIn: (model: string) =>
    `Only the built-in demonstration, ${model}, runs here. It knows nothing about real medicine.`,
  noProposal:
    'No model of the list runs in this browser. A current Chrome, Edge, Firefox or Safari runs them.',
  parts: { wllama: 'processor', webllm: 'graphics unit' },
  show: (model: string) => `Show ${model}`,

  noWebGpuTitle: 'The graphics unit cannot be used; models run on the processor',
  noWebGpu: {
    'insecure-origin': 'Browsers offer WebGPU only to pages over HTTPS or on the same computer.',
    'no-api': 'This browser does not offer WebGPU.',
    'no-adapter': {
      hardware: 'This browser has WebGPU, but refuses it for this graphics driver.',
      software: 'This browser draws everything on the processor, so WebGPU finds no graphics unit.',
      none: 'This browser lets no page use 3D graphics, neither WebGPU nor WebGL.',
    },
  },
  emulatedTitle: 'The graphics unit is not used: WebGPU is emulated on the processor',
  emulated: 'That works, but is slower than the CPU engine.',
  advice: {
    'secure-address':
      'Ask whoever runs this site for its address that begins with https://, or open it on the computer that serves it.',
    'update-chromium': 'Update the browser: WebGPU came with version 113, on Android with version 121.',
    'chromium-linux-flag':
      'On Linux, open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”, and restart the browser.',
    'update-firefox': 'Update Firefox: WebGPU came with version 141 on Windows and later on other systems.',
    'firefox-flag':
      'Open about:config, set dom.webgpu.enabled to true and restart Firefox; or use Chrome or Edge.',
    'update-safari':
      'Update macOS and Safari: WebGPU came with Safari 26. On an older Mac, use Chrome or Edge.',
    'update-ios': 'Update the system: on iPhone and iPad, WebGPU came with version 26, for every browser.',
    'other-browser': 'Open this page in a current Chrome, Edge, Firefox or Safari.',
    'chromium-acceleration':
      'Switch on “Use graphics acceleration when available” in the browser’s settings under System, then restart it. In a remote session or virtual machine there may be no graphics unit.',
    'firefox-acceleration':
      'Switch on “Use hardware acceleration when available” in Firefox’s settings under Performance, then restart it. In a remote session or virtual machine there may be no graphics unit.',
    'other-acceleration':
      'Check that hardware acceleration is on in the browser’s settings. In a remote session or virtual machine there may be no graphics unit.',
    'ask-administrator':
      'Check that graphics acceleration is on in the settings. If it is, the organisation that manages this browser may have switched 3D graphics off: ask your IT department.',
    'update-driver': 'Update the graphics driver and the browser, then restart both.',
  },

  gpu: 'Graphics (WebGPU)',
  gpuAvailable: (adapter: string) => (adapter === '' ? 'available' : `available: ${adapter}`),
  gpuSoftware: 'emulated on the processor: works, but very slowly',
  gpuMissing: 'not available',
  gpuRefused: 'found, but models cannot use it',
  twoGpus: (used: string, other: string) =>
    `This computer has two graphics units. ${used} is used, the faster one; ${other}, the economical one, is not.`,
  halfPrecision: 'Half precision (shader-f16)',
  halfPrecisionYes: 'available: the smaller, faster variants run',
  halfPrecisionNo: 'not available: choose q4f32 variants',
  processor: 'Processor',
  processorThreads: (threads: string) => `${threads} threads`,
  processorSingle: (threads: string) =>
    `${threads} threads, of which the CPU engine may use one: the site is served without COOP and COEP headers`,
  cpuEngine: 'CPU engine',
  cpuEngineBuild: {
    default: 'runs at full speed',
    compatible: 'runs in its compatible build, more slowly: this browser lacks 64-bit WebAssembly memory',
    none: 'cannot run: this browser lacks WebAssembly SIMD; update it',
  },
  memory: 'Memory',
  memoryAmount: (gigabytes: string) => `${gigabytes} GB`,
  memoryAtLeast: (gigabytes: string) => `at least ${gigabytes} GB`,
  memoryUnknown: 'this browser does not say',
  storage: 'Storage for this site',
  storageUse: (used: string, quota: string) => `${used} used of ${quota}`,
  storageUnknown: 'this browser does not say',
  persistence: 'What is stored',
  persisted: 'protected: the browser does not clear it by itself',
  notPersisted: 'not protected yet: a download asks the browser for it',
  gpuMemoryNote:
    'Browsers do not reveal how much graphics memory there is. Compare the need of a model with your card.',

  limits: 'Technical limits',
  browser: 'Browser',
  lowPower: 'Second graphics unit (low power)',
  subgroups: 'Subgroups',
  subgroupSizes: (least: string, most: string) => `${least} to ${most} threads`,
  limitNames: {
    maxBufferSize: 'Largest buffer',
    maxStorageBufferBindingSize: 'Largest storage binding',
    maxComputeWorkgroupStorageSize: 'Workgroup storage',
    maxStorageBuffersPerShaderStage: 'Storage buffers per shader',
    maxComputeInvocationsPerWorkgroup: 'Threads per workgroup',
  },
  deviceCheck: 'Opening it as WebLLM does',
  deviceOpens: 'works',
  sharedMemory: 'Memory shared between threads',
  available: 'available',
  missing: 'not available',

  copyReport: 'Copy report',
  copied: 'Copied.',
  copyFailed: 'The browser did not allow copying. Select the text below and copy it yourself.',
  reportLabel: 'Device report',

  verdict: {
    runs: 'Runs here',
    softwareGpu: 'Runs slowly: WebGPU is emulated here',
    slowProcessor: (tokensPerSecond: string) => `Runs slowly: about ${tokensPerSecond} tokens per second`,
    slowKernel: (quantization: string) =>
      `Runs slowly: ${quantization} weights are several times slower on the processor than Q4_K_M`,
    compatibleBuild: 'Runs slowly: this browser needs the compatible build of the CPU engine',
    compatibleBuildAt: (tokensPerSecond: string) =>
      `Runs slowly: this browser needs the compatible build of the CPU engine, about ${tokensPerSecond} tokens per second`,
    noWebGpu: 'Cannot run here: no WebGPU',
    noHalfPrecision: 'Cannot run here: needs shader-f16, which this graphics unit lacks',
    bufferTooSmall: (needed: string, available: string) =>
      `Cannot run here: needs a ${needed} graphics buffer, this browser gives ${available}`,
    workgroupTooSmall: (needed: string, available: string) =>
      `Cannot run here: needs ${needed} of workgroup storage, this graphics unit has ${available}`,
    tooFewBuffers: (needed: string, available: string) =>
      `Cannot run here: needs ${needed} storage buffers per shader, this graphics unit has ${available}`,
    deviceRefused: 'Cannot run here: the browser found the graphics unit, but could not open it for a model',
    noSimd: 'Cannot run here: this browser lacks WebAssembly SIMD',
    fileTooLarge: (needed: string, available: string) =>
      `Cannot run here: the file is ${needed}, the CPU engine holds at most ${available}`,
    memoryTooSmall: (needed: string, available: string) =>
      `Cannot run here: needs ${needed} of memory, about ${available} are usable`,
    noFileSystem:
      'Cannot be downloaded here: this browser lets the page keep no files. Open it over HTTPS, outside a private window, in a current browser',
    storageTooSmall: (needed: string, available: string) =>
      `Cannot be downloaded here: needs ${needed} of storage, ${available} are free; delete a stored model or free disk space`,
  },
}
