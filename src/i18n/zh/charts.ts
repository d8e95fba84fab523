import type { charts as Shape } from '../en/charts'

export const charts: typeof Shape = {
  numbers: '显示数据',
  scroll: (title) => `“${title}”的数据，可横向滚动`,
  save: (format) => `保存为 ${format}`,
  saveAs: (title, format) => `将“${title}”保存为 ${format}`,
  failed: '此浏览器无法绘制图片。',
  answers: (count) => `${count} 条回答`,
  common: (count) => `${count} 道共有题目`,
  version: (version) => `Somnus ${version}`,
  floor: '随机水平',
  accuracy: '准确率',
}
