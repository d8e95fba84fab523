import type { workspace as Shape } from '../en/workspace'

export const workspace: typeof Shape = {
  title: '你的数据',
}
