import type { proof as Shape } from '../en/proof'

export const proof: typeof Shape = {
  title: '验证',
}
