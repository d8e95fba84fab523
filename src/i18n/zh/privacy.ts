import type { privacy as Shape } from '../en/privacy'

export const privacy: typeof Shape = {
  title: '隐私',
}
