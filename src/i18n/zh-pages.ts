import type { enPages } from './en-pages'
import { models } from './zh/models'
import { device } from './zh/device'
import { datasets } from './zh/datasets'
import { benchmark } from './zh/benchmark'
import { protocol } from './zh/protocol'
import { results } from './zh/results'
import { receipt } from './zh/receipt'
import { compare } from './zh/compare'
import { verify } from './zh/verify'
import { planning } from './zh/planning'
import { charts } from './zh/charts'
import { chat } from './zh/chat'
import { settings } from './zh/settings'
import { licences } from './zh/licences'
import { failures } from './zh/failures'
import { modelFailures } from './zh/model-failures'
import { store } from './zh/store'
import { conversion } from './zh/conversion'
import { privacy } from './zh/privacy'
import { proof } from './zh/proof'
import { workspace } from './zh/workspace'
import { offline } from './zh/offline'
import { reading } from './zh/reading'
import { chatCompare } from './zh/chat-compare'
import { chatFiles } from './zh/chat-files'
import { strategies } from './zh/strategies'
import { chatStrategies } from './zh/chat-strategies'
import { lab } from './zh/lab'
import { labTurns } from './zh/lab-turns'
import { experts } from './zh/experts'
import { crossFilter } from './zh/cross-filter'
import { openEnded } from './zh/open-ended'
import { rewardModel } from './zh/reward-model'
import { numerics } from './zh/numerics'
import { reuse } from './zh/reuse'
import { removal } from './zh/removal'

export const zhPages: typeof enPages = {
  models,
  device,
  datasets,
  benchmark,
  protocol,
  results,
  receipt,
  compare,
  verify,
  planning,
  charts,
  chat,
  settings,
  licences,
  failures,
  modelFailures,
  store,
  conversion,
  privacy,
  proof,
  workspace,
  offline,
  reading,
  chatCompare,
  chatFiles,
  strategies,
  chatStrategies,
  lab,
  labTurns,
  experts,
  crossFilter,
  openEnded,
  rewardModel,
  numerics,
  reuse,
  removal,
}
