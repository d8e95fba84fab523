import type { chatStrategies as Shape } from '../en/chat-strategies'

export const chatStrategies: typeof Shape = {}
