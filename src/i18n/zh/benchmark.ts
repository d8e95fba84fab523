import type { benchmark as Shape } from '../en/benchmark'

export const benchmark: typeof Shape = {}
