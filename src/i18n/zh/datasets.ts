import type { datasets as Shape } from '../en/datasets'

export const datasets: typeof Shape = {}
