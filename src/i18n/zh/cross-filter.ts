import type { crossFilter as Shape } from '../en/cross-filter'

export const crossFilter: typeof Shape = {}
