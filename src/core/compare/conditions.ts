/** What else than the model may have made two runs differ. */
import type { EngineDescription } from '../engine'
import type { RunSummary } from '../run/summary'

/** What a run was made with and under. */
export interface RunConditions {
  plan: RunSummary['plan']
  engines: readonly EngineDescription[]
}

/** In the order in which they matter. */
export const CONDITIONS = [
  'model',
  'quantization',
  'weights',
  'prompt',
  'decoding',
  'data',
  'selection',
  'app',
  'engine',
  'device',
  'context',
] as const

export type Condition = (typeof CONDITIONS)[number]

/** What names the thing compared, not a circumstance of it. */
const SUBJECT: readonly Condition[] = ['model', 'weights']
/** Does not touch what is compared: common items hold the same content, whatever else was drawn. */
const HARMLESS: readonly Condition[] = ['selection']

/** The conditions that are not the same in all of the runs. */
export function differingConditions(runs: readonly RunConditions[]): Condition[] {
  return CONDITIONS.filter((condition) => new Set(runs.map((run) => fingerprint(run, condition))).size > 1)
}

/** Those that a difference between two runs could come from, besides their models. */
export function confounders(first: RunConditions, second: RunConditions): Condition[] {
  return differingConditions([first, second]).filter(
    (condition) => !SUBJECT.includes(condition) && !HARMLESS.includes(condition),
  )
}

/** Equal for runs that agree in this condition. Runs that went on elsewhere carry every device they ran on. */
function fingerprint({ plan, engines }: RunConditions, condition: Condition): string {
  const each = (of: (engine: EngineDescription) => string) => [...new Set(engines.map(of))].sort().join('\n')
  switch (condition) {
    case 'model':
      return plan.model.name
    case 'quantization':
      return plan.model.quantization
    case 'weights':
      return each((engine) => engine.fingerprint)
    case 'prompt':
      return JSON.stringify([plan.protocol, plan.promptSha256, plan.shots])
    case 'decoding': {
      const { temperature, topP, maxTokens, seed } = plan.decoding
      // Greedy decoding draws nothing, so neither top-p nor the seed touches it.
      return [maxTokens, temperature, ...(temperature === 0 ? [] : [topP, seed])].join('\n')
    }
    case 'data':
      return plan.dataset.itemsSha256
    case 'selection': {
      const { languages, levels, sampleSize, seed } = plan.selection
      return JSON.stringify([[...languages].sort(), [...levels].sort(), sampleSize, sampleSize && seed])
    }
    case 'app':
      return plan.appVersion
    case 'engine':
      return each((engine) => `${engine.engine} ${engine.engineVersion}`)
    case 'device':
      return each((engine) => engine.device)
    case 'context':
      return each((engine) => String(engine.contextTokens))
  }
}
