import type { chat as Shape } from '../en/chat'

export const chat: typeof Shape = {}
