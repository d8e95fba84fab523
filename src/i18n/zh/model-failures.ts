import type { modelFailures as Shape } from '../en/model-failures'

export const modelFailures: typeof Shape = {
  aborted: {
    problem: '已按您的要求停止。',
    nextStep: '已下载的部分会保留，可随时继续。',
  },
  offline: (host) => ({
    problem: `这台电脑没有联网，无法连接 ${host}。`,
    nextStep: '请联网后继续下载，已下载的部分会保留。没有网络时，可以从 U 盘导入模型。',
  }),
  unreachable: (host) => ({
    problem: `${host} 没有响应。`,
    nextStep:
      '可能是该网站故障、被当前网络屏蔽，或不允许其他网站读取其文件。请换一个网络、设置镜像地址，或从 U 盘导入模型。',
  }),
  locked: (host) => ({
    problem: `Somnus 已锁定，没有向 ${host} 发出请求。`,
    nextStep: '请到“隐私与数据”页面解锁，或从本机导入文件。',
  }),
  hostNotChosen: (host) => ({
    problem: `${host} 不在您选定的主机之列。`,
    nextStep: '请到“隐私与数据”页面添加该主机，然后重试。',
  }),
  redirectNotChosen: (host) => ({
    problem: `${host} 把下载转到了您未选定的另一台主机，下载因此中止。`,
    nextStep:
      '浏览器不会说明转向了哪里。在终端运行下面的命令即可看到；如果信任那台主机，请到“隐私与数据”页面添加。',
  }),
  blockedByPolicy: (host) => ({
    problem: `本站点的设置不允许从 ${host} 下载。`,
    nextStep: '请联系本站点的管理员放行该地址，或用其他方式下载文件后从本机导入。',
  }),
  insecureAddress: (host) => ({
    problem: `本站点使用加密连接（https），浏览器不允许它从未加密（http）的地址 ${host} 读取文件。`,
    nextStep: '请改用以 https 开头的地址，或打开部署在该服务器上的 Somnus，或从 U 盘导入模型。',
  }),
  accessDenied: (host, status) => ({
    problem: `${host} 不公开提供此文件（HTTP ${status}）。`,
    nextStep:
      '请先检查地址：有些网站在地址有误时也会这样回复。另有一些模型需要登录并接受许可协议后才能获取：可在“添加模型”处使用访问令牌获取，或在该网站自行下载，再从本机导入文件。',
  }),
  notFound: (host, file) => ({
    problem: `${host} 上没有“${file}”。`,
    nextStep:
      '请检查地址；如果设置了镜像，也请检查镜像。如果都无误，说明模型已被移动或撤下，请改选其他模型。',
  }),
  hostBusy: (host, status) => ({
    problem: `${host} 繁忙或限制了下载（HTTP ${status}）。`,
    nextStep: '请过几分钟再试，已下载的部分会保留。',
  }),
  refused: (host, status) => ({
    problem: `${host} 拒绝了下载请求（HTTP ${status}）。`,
    nextStep: '请稍后再试。如果仍然失败，请换一个来源，或从本机导入模型。',
  }),
  interrupted: (host, received, total) => ({
    problem: `与 ${host} 的连接多次中断${total ? `，最近一次停在某个文件的 ${received} / ${total}` : ''}。`,
    nextStep: '请检查网络后重试，下载会从中断的位置继续。',
  }),
  noRanges: (host) => ({
    problem: `${host} 只提供完整文件，不能只读取其中一部分，因此无法从它那里转换。`,
    nextStep: '请换用存有该仓库的其他主机或镜像，或将全部文件下载到同一文件夹后选择该文件夹。',
  }),
  sourceChanged: (file) => ({
    problem: `“${file}”已不是开始转换时的那个文件。`,
    nextStep: '不同版本的权重绝不会混用。请删除已转换的部分，再用新版本重新开始。',
  }),
  wrongSize: (file, expected, actual) => ({
    problem: `“${file}”的大小为 ${actual}，应为 ${expected}。`,
    nextStep: '请重新复制或下载。如果再次出现，说明来源处的文件已损坏或被替换，请换一个来源。',
  }),
  checksumMismatch: (file) => ({
    problem: `“${file}”的校验值不符，它不是来源所描述的那个文件。`,
    nextStep: '该文件未被使用。请重试；如果再次出现，说明文件在传输途中或来源处被更改，请勿使用该来源。',
  }),
  storageFull: (needed, available) => ({
    problem: `浏览器的存储空间不足：需要 ${needed}${available ? `，可用 ${available}` : ''}。`,
    nextStep: '请删除不再需要的模型，或清理这台电脑的磁盘，然后重试。',
  }),
  storageRefused: {
    problem: '此浏览器不允许页面保存文件。',
    nextStep: '请退出隐私浏览模式，通过 https:// 打开本页，或使用新版 Chrome、Edge 或 Firefox。',
  },
  busyElsewhere: {
    problem: '另一个标签页或窗口正在处理这个模型。',
    nextStep: '请等它完成或关闭那个标签页，然后重试。',
  },
  unknownModel: {
    problem: '此浏览器中已没有这个模型。',
    nextStep: '它可能已在另一个标签页中被删除。请重新下载或导入。',
  },
  fileUnreadable: (file) => ({
    problem: `无法再读取“${file}”。`,
    nextStep: '文件可能已被移动或修改，或者 U 盘已拔出。请重新插入，再次选择文件夹或文件。',
  }),
  notAModel: (missing) => ({
    problem: missing ? `这不是完整的模型：缺少 ${missing}。` : '这里没有找到模型。',
    nextStep:
      '请选择包含同一模型全部文件的文件夹（Somnus 模型包或 MLC 模型），或单个 .gguf、.tar 文件。如果填写地址，请指向包含这些文件的仓库或文件夹。',
  }),
  addressInvalid: (address) => ({
    problem: `“${address}”不是模型地址。`,
    nextStep: '请按“所有者/名称”的形式输入仓库，或输入以 https:// 或 http:// 开头的文件夹或 .gguf 文件地址。',
  }),
  severalModels: (names) => ({
    problem: `这里有多个模型：${names}。`,
    nextStep: '请选择其中一个模型的文件夹或文件，其余的可以逐个添加。',
  }),
  tooManyFiles: (folder, limit) => ({
    problem: `“${folder}”中的文件超过 ${limit} 个，远多于一个模型的文件数。`,
    nextStep: '请选择模型本身所在的文件夹。',
  }),
  notWritable: (name) => ({
    problem: `无法写入“${name}”。`,
    nextStep:
      '磁盘或 U 盘可能已满、被写保护或已拔出，也可能未获得写入许可。请检查后重新导出，或将模型包保存为单个 .tar 文件。',
  }),
  fileInvalid: (file) => ({
    problem: `“${file}”的内容与文件名不符。`,
    nextStep: '文件可能已损坏、不完整或属于其他类型。请重新复制或下载。',
  }),
  packIncomplete: (missing) => ({
    problem: `模型包不完整：缺少 ${missing}。`,
    nextStep: '请从制作该模型包的电脑上重新复制整个文件夹。',
  }),
  packVersion: {
    problem: '这个模型包由更新版本的 Somnus 制作。',
    nextStep: '请刷新本页以获取最新版本，然后重新导入。',
  },
  unsupportedArchitecture: (architecture, supported) => ({
    problem: `Somnus 无法在图形处理器上运行“${architecture}”类模型。`,
    nextStep: `支持的类型：${supported}。许多其他模型可以在处理器上运行，请查找该模型的 GGUF 文件。`,
  }),
  noLibrary: (architecture, quantization) => ({
    problem: `没有适用于该模型的编译库（${architecture}，${quantization}）。`,
    nextStep:
      '编译库是让某一类模型在图形处理器上运行的程序。如果模型作者提供（.wasm），请在“编译库”处填写地址或选择文件；否则请查找该模型的 GGUF 文件。',
  }),
  libraryGeneration: (found, needed) => ({
    problem: `该编译库适用于另一版本的引擎（${found}，需要 ${needed}）。`,
    nextStep: '请将编译库一栏留空，由 Somnus 自动选择，或获取适用于当前版本的编译库。',
  }),
  libraryMismatch: (difference) => ({
    problem: `该编译库与这些权重不匹配：${difference}。`,
    nextStep: '请将编译库一栏留空，由 Somnus 自动选择，或使用专为该模型编译的库。',
  }),
  libraryDiffers: {
    architecture: '它是为另一类模型编译的',
    quantization: '它是为另一种量化方式编译的',
    vocabulary: '它是为另一份词表编译的',
    layers: '它编译时的模型层数不同',
    missing: '它需要的某个部分在这些权重中缺失',
    extra: '这些权重中有它不认识的部分',
    shape: '它是为另一种规模的模型编译的',
    'number-format': '它是为另一种数值精度编译的',
  },
  tooLarge: (size, limit) => ({
    problem: `该模型大小为 ${size}，这里最多可使用 ${limit}。`,
    nextStep: '请改选更小的模型或更小的量化版本。',
  }),
  checkpointIncomplete: (missing) => ({
    problem: `检查点不完整，缺少：${missing}。`,
    nextStep: '请重新复制或下载整个文件夹。',
  }),
  checkpointUnsupported: (entry, found, needed) => ({
    problem: `检查点的配置中 ${entry} = ${found}，目前只能转换 ${needed}。`,
    nextStep: '请选择其他模型的检查点，或选择没有此要求的量化方式。',
  }),
  tensorMissing: (tensor) => ({
    problem: `权重中缺少配置所要求的张量 ${tensor}。`,
    nextStep: '配置与权重不属于同一模型，或缺少文件。请重新复制整个文件夹。',
  }),
  tensorUnexpected: (tensor) => ({
    problem: `权重中含有配置未提及的张量 ${tensor}。`,
    nextStep: '配置与权重不属于同一模型。请重新复制整个文件夹。',
  }),
  tensorShape: (tensor, actual, expected) => ({
    problem: `张量 ${tensor} 的形状为 ${actual}，而配置要求 ${expected}。`,
    nextStep: '配置与权重不属于同一模型。请重新复制整个文件夹。',
  }),
  tensorDtype: (tensor, dtype, supported) => ({
    problem: `张量 ${tensor} 的数值类型为 ${dtype}，无法转换。`,
    nextStep: `请选择原始权重的检查点，其类型应为：${supported}。`,
  }),
  tensorNotFinite: (tensor, index) => ({
    problem: `张量 ${tensor} 在索引 ${index} 处含有无穷大或非数值。`,
    nextStep: '文件已损坏，或训练失败。请重新复制或下载。',
  }),
  tensorOverflow: (tensor, index, format) => ({
    problem: `张量 ${tensor} 在索引 ${index} 处的数值超出 ${format} 的范围。`,
    nextStep: '请选择使用 32 位数值的量化方式：q4f32_1 或 q0f32。',
  }),
  chatTemplateUnknown: (families) => ({
    problem: '无法识别该模型所用的对话格式。',
    nextStep: `如果您知道它属于以下之一，请指明：${families}。否则无法与该模型对话。`,
  }),
  conversionDiffers: {
    problem: '此处已开始转换另一份权重，或转换为另一种格式。',
    nextStep: '请选择空文件夹，或使用开始时的权重与格式继续。',
  },
  workerLost: {
    problem: 'Somnus 的模型管理程序已停止运行或未能启动。',
    nextStep:
      '已保存的内容不受影响。多因内存不足：请关闭其他标签页和程序，然后重试。如果打开本页后网络断开，请联网并刷新本页。',
  },
  waiting: {
    offline: '没有网络连接',
    unreachable: (host) => `${host} 没有响应`,
    busy: (host) => `${host} 繁忙`,
    interrupted: '连接中断',
  },
}
