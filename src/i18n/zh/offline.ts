import type { offline as Shape } from '../en/offline'

export const offline: typeof Shape = {
  title: '离线与版本',
}
