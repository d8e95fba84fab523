import type { experts as Shape } from '../en/experts'

export const experts: typeof Shape = {}
