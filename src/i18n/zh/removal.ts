import type { removal as Shape } from '../en/removal'

export const removal: typeof Shape = {
  failed: (name) => `未能删除“${name}”。请腾出空间或刷新页面，然后重试。`,
  undoFailed: (name) => `未能恢复“${name}”。请腾出空间或刷新页面，然后重试。`,
  messageFailed: '未能删除这条消息。请腾出空间或刷新页面，然后重试。',
  messageUndoFailed: '未能恢复这条消息。请腾出空间或刷新页面，然后重试。',
}
