import type { reading as Shape } from '../en/reading'

export const reading: typeof Shape = {
  title: '阅读',
}
