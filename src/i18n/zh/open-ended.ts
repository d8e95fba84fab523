import type { openEnded as Shape } from '../en/open-ended'

export const openEnded: typeof Shape = {}
