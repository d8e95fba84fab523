import type { lab as Shape } from '../en/lab'

export const lab: typeof Shape = {}
