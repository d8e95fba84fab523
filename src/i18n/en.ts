import { common } from './en/common'
import { home } from './en/home'
import { models } from './en/models'
import { device } from './en/device'
import { datasets } from './en/datasets'
import { benchmark } from './en/benchmark'
import { protocol } from './en/protocol'
import { results } from './en/results'
import { receipt } from './en/receipt'
import { compare } from './en/compare'
import { planning } from './en/planning'
import { charts } from './en/charts'
import { chat } from './en/chat'
import { settings } from './en/settings'
import { engine } from './en/engine'
import { failures } from './en/failures'
import { modelFailures } from './en/model-failures'
import { store } from './en/store'
import { conversion } from './en/conversion'

/** The English messages; their shape is the key set that every language fills. */
export const en = {
  common,
  home,
  models,
  device,
  datasets,
  benchmark,
  protocol,
  results,
  receipt,
  compare,
  planning,
  charts,
  chat,
  settings,
  engine,
  failures,
  modelFailures,
  store,
  conversion,
}

export type Messages = typeof en
