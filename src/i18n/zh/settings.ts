import type { settings as Shape } from '../en/settings'

export const settings: typeof Shape = {
  title: '设置',
  language: '界面语言',
  languageHint: '与题目的语言无关。',
  theme: '外观',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  storage: '本机存储',
  storageUsed: (used, quota) => `已使用 ${used}，浏览器允许约 ${quota}。`,
  storageUnknown: '此浏览器不提供存储用量。',
  persisted: '浏览器已承诺保留这些数据，直到您删除为止。',
  notPersisted: '磁盘空间不足时，浏览器可能会删除这些数据。',
  persist: '请求浏览器保留数据',
  persistRefused: '浏览器没有同意。它会根据您使用本站的频率决定，请稍后再试。',
  about: '关于',
  version: (version) => `Somnus ${version}`,
  intendedUse: 'Somnus 用于科研和教学。它不是医疗器械，未经临床应用验证，不得用于指导任何患者的诊疗。',
  privacy: '所有数据都留在本浏览器中。离开这台电脑的请求只有您主动发起的下载，目标网站就写在按钮旁边。',
}
