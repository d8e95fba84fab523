import { models } from './en/models'
import { device } from './en/device'
import { datasets } from './en/datasets'
import { benchmark } from './en/benchmark'
import { protocol } from './en/protocol'
import { results } from './en/results'
import { receipt } from './en/receipt'
import { compare } from './en/compare'
import { verify } from './en/verify'
import { planning } from './en/planning'
import { charts } from './en/charts'
import { chat } from './en/chat'
import { settings } from './en/settings'
import { licences } from './en/licences'
import { failures } from './en/failures'
import { modelFailures } from './en/model-failures'
import { store } from './en/store'
import { conversion } from './en/conversion'
import { privacy } from './en/privacy'
import { proof } from './en/proof'
import { workspace } from './en/workspace'
import { offline } from './en/offline'
import { reading } from './en/reading'
import { chatCompare } from './en/chat-compare'
import { chatFiles } from './en/chat-files'
import { strategies } from './en/strategies'
import { chatStrategies } from './en/chat-strategies'
import { lab } from './en/lab'
import { labTurns } from './en/lab-turns'
import { experts } from './en/experts'
import { crossFilter } from './en/cross-filter'
import { openEnded } from './en/open-ended'
import { rewardModel } from './en/reward-model'
import { numerics } from './en/numerics'
import { reuse } from './en/reuse'
import { removal } from './en/removal'

/** What the other pages say. */
export const enPages = {
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
