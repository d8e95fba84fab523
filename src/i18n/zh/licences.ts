import type { licences as Shape } from '../en/licences'

export const licences: typeof Shape = {
  title: '许可证',
  intro: 'Somnus 是自由软件，采用 Apache 许可证 2.0 版。它使用了下列作品，各自遵循其许可证。',
  show: '显示全部许可证',
  loading: '正在读取列表…',
  missing: '无法读取许可证列表。该列表由构建过程写入页面旁边的 licences.json。',
  count: (works) => `共 ${works} 项`,
  within: (name) => `包含在 ${name} 中`,
}
