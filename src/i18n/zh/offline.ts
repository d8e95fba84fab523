import type { offline as Shape } from '../en/offline'

export const offline: typeof Shape = {
  title: '离线与版本',
  updateReady: 'Somnus 有新版本可用。',
  update: '更新',
  waitsForWork: '当前工作结束后，Somnus 会立即更新。',

  ready: '可离线使用',
  readyHint: (files, size) =>
    `本版本的全部 ${files} 个文件（${size}）都保存在这台电脑上。没有网络时，Somnus 照常启动、加载已保存的模型、回答问题和进行评测。`,
  preparing: '正在为离线使用做准备',
  amount: (stored, total) => `${stored} / ${total}`,
  notReady: '尚不能离线使用',
  tryAgain: '重试',
  impossible: '此处无法离线使用',
  reasons: {
    insecure:
      '只有通过 https 或从本机（localhost）打开的网站，浏览器才会保存下来供离线使用。有网络时，除图形加速外，其余功能均可使用。',
    unsupported: '离线使用需要 Service Worker，而此浏览器没有为本页面提供。某些浏览器的隐私窗口不支持它。',
    development: '开发服务器始终提供最新文件，不做离线保存。',
  },
  failures: {
    unreachable: (path) => `网站服务器没有响应，或连接中断（${path}）。已收到的文件会保留，供下次继续。`,
    status: (path, status) => `网站服务器对 ${path} 返回了错误 ${status}。`,
    wrongContent: (path) =>
      `收到的 ${path} 不是本版本的文件。可能是网站正在更新，也可能是文件在传输途中被改动。`,
    storage: (detail) =>
      `浏览器未能保存文件（${detail}）。已存入的部分已全部清除。请先腾出空间（例如删除模型），再重试。`,
    unknown: '浏览器没有说明原因。',
  },

  version: '版本',
  buildHash: '构建哈希（SHA-256）',
  buildHashHint:
    '即 SHA256SUMS 文件的 SHA-256，该文件列出了本版本每个文件的 SHA-256。任何人构建同一版本，都会得到同一哈希。',
  buildCommand: '在该提交的源代码副本中运行以下命令，会重新构建并逐一比对此地址提供的每个文件：',
  buildHashUnknown: '未知：无法读取 SHA256SUMS 文件。',

  check: '检查新版本',
  checking: '正在检查…',
  newest: '没有更新的版本。',
  unreachable: '网站服务器没有响应，或其响应不是 Somnus 的版本。你现有的版本可继续使用。',
  fetching: '正在获取新版本',
  updateTitle: '新版本已就绪',
  updateHint: (version) =>
    `版本 ${version} 只在你同意后启用。届时所有 Somnus 标签页都会重新加载，已保存的内容不受影响。`,
  updateNow: '立即更新',
  updateLater: '当前工作结束后更新',
  waiting: '更新正在等待本标签页或其他标签页的工作结束',
  stopWaiting: '暂不更新',
  updateFailed: '未能获取新版本；现有版本可继续使用',
  didNotStart: '新版本在此处无法启动',
  didNotStartHint: (version) => `版本 ${version} 打开两次均未能启动，因此已恢复为现有版本。`,

  install: '将 Somnus 安装为应用',
  installHint: 'Somnus 会有自己的图标和窗口。保存的内容及其位置不变。',
}
