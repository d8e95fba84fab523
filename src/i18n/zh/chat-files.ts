import type { chatFiles as Shape } from '../en/chat-files'

export const chatFiles: typeof Shape = {
  title: '对话文件',
}
