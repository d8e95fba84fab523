import type { models as Shape } from '../en/models'

export const models: typeof Shape = {}
