import type { chatCompare as Shape } from '../en/chat-compare'

export const chatCompare: typeof Shape = {
  title: '两个模型，同一问题',
}
