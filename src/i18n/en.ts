import { common } from './en/common'
import { home } from './en/home'
import { engine } from './en/engine'

/** What the first screen says; the rest is in `en-pages`. */
export const en = {
  common,
  home,
  engine,
}
