import type { results as Shape } from '../en/results'

export const results: typeof Shape = {}
