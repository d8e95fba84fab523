import type { failures as Shape } from '../en/failures'

export const failures: typeof Shape = {}
