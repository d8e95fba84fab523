import type { en } from './en'
import { common } from './zh/common'
import { home } from './zh/home'
import { engine } from './zh/engine'

export const zh: typeof en = {
  common,
  home,
  engine,
}
