import type { common as Shape } from '../en/common'

export const common: typeof Shape = {
  appName: 'Somnus',
  skipToContent: '跳到正文',
  navigation: '主导航',
  pages: {
    home: '首页',
    models: '模型',
    benchmark: '评测',
    results: '结果',
    chat: '对话',
    settings: '设置',
    privacy: '隐私与数据',
  },
  switchLanguage: 'English',
  phase: { open: '开放', locked: '已锁定', unsure: '未生效' },
  notADevice: '本工具仅用于科研和教学，不是医疗器械；其输出绝不可用于诊治患者。',
  cancel: '取消',
  close: '关闭',
  undo: '撤销',
  dismiss: '知道了',
  pageFailed: '此页面无法加载。',
  pageFailedHint: '请刷新页面。如果当前处于离线状态，请先联网一次以获取应用。',
  unexpectedError: '发生了意外错误。已保存的数据不受影响，请刷新页面后继续。',
  reload: '刷新',
  storageRefused: '浏览器拒绝保存数据',
  storageRefusedHint:
    'Somnus 只把答题记录和对话保存在本浏览器中。请退出隐私浏览模式、允许本站保存数据或释放磁盘空间，然后刷新页面。',
  storageBlocked: '另一个标签页正在使用旧版本',
  storageBlockedHint: '请关闭其他 Somnus 标签页，本页会自动继续。',
  storageOutdated: '另一个标签页已打开新版本的 Somnus，请刷新本页后继续。',
}
