import type { strategies as Shape } from '../en/strategies'

export const strategies: typeof Shape = {}
