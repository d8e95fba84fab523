import type { privacy as Shape } from '../en/privacy'

export const privacy: typeof Shape = {
  title: '开放与锁定',
  linkStopped: (address) =>
    `Somnus 已锁定，不会打开其他网站的链接：${address}。您可以复制该地址，或到“隐私与数据”页面解锁。`,

  open: 'Somnus 处于开放状态',
  openHint: '模型和数据集只从下面列出的主机下载，不访问其他任何地方。提示词、回答和结果始终留在本机。',
  locked: 'Somnus 已锁定',
  lockedHint: '不向其他任何主机发送或获取数据。已保存在本机的内容照常可用。',
  lock: '锁定 Somnus',
  unlock: '解锁 Somnus',
  meaning: '锁定意味着什么',
  meanings: [
    '页面及其所有工作线程只能访问本站点自己的地址。下载、查看网址和从网上导入数据集均停用。',
    '其他网站的链接不会打开；浏览器之间的直接连接（WebRTC）在两种状态下都已移除。',
    '由三层机制保证：浏览器的内容安全策略、除套接字外所有请求都要经过的 Service Worker，以及 Somnus 在每次下载前自己的检查。Chrome 和 Edge 从 152 版起还有第四层，连链接和 WebRTC 也一并约束。',
    '刷新页面、关闭浏览器或打开新标签页后仍保持锁定，直到您在此解锁，或在浏览器中清除本站数据。',
    '它管不了浏览器扩展、浏览器本身和其他程序；这些要靠防火墙。',
  ],

  inForce: '已生效',
  inForceOpen: '本页面及其工作线程的每个请求都经过 Service Worker，其安全策略只列出下面的主机。',
  inForceLocked: 'Service Worker 拒绝任何发往其他主机的请求，页面及其工作线程的安全策略同样拒绝。',
  notInForce: '在此标签页中尚未生效',
  reasons: {
    starting: 'Service Worker 仍在启动。首次访问时需要几秒钟。',
    bypassed: '本页面绕过 Service Worker 加载（强制刷新会这样）。请正常刷新一次。',
    none: '浏览器在这里没有为页面提供 Service Worker：连接不安全（非 https）、处于无痕窗口，或网站数据被禁止。Somnus 仍会自行检查每次下载；若站点主机发送了安全响应头，它们也有效。',
    unbound: '本页面加载时安全策略尚未就位。请刷新一次。',
    silent: 'Service Worker 没有应答。请刷新页面；若仍无效，请先关闭所有 Somnus 标签页。',
  },
  sentOpen:
    '本页面是在开放状态下加载的。在您刷新之前，外部链接和窗口由 Somnus 自行拦截；刷新后浏览器也会拦截。',
  reload: '刷新页面',

  hosts: '您选定的主机',
  hostsNone: '暂无。开始下载、查看网址或导入数据集时会标明所用主机，并添加到这里。',
  hostsLocked: '锁定期间不会访问其中任何一台。',
  storage: (sources) => `及其存储主机 ${sources}`,
  forget: '移除',
  forgetNamed: (host) => `移除 ${host}`,
  forgotten: (host) => `不再访问 ${host}。正在进行的相关下载会在下一次请求时停止。`,
  add: '添加主机',
  addHint: '用于其他主机会转向的主机，或在可信网络中锁定之前预先添加。例如：https://mirror.example.org',
  addAddress: '主机地址',
  addSubmit: '添加',
  addInvalid: '请输入类似 https://mirror.example.org 的地址。安全策略无法写入带方括号的地址（IPv6）。',
  added: (host) => `现在可以访问 ${host}。`,

  askTitle: '现在锁定吗？',
  askDownloads: (names) => `以下下载将结束：${names}。已收到的部分会保留，解锁后可以继续。`,
  askConfirm: '结束下载并锁定',

  connectsTo: (hosts) => `将连接 ${hosts}。`,
  lockedHere: 'Somnus 已锁定，无法下载。',
  toLock: '到“隐私与数据”页面解锁',
}
