/** What else than the model may have made two runs differ. */
import type { EngineDescription } from '../engine'
import { standingOf } from '../numerics/standing'
import { PROMPT_KINDS } from '../prompt/check-prompts'
import { promptSource } from '../prompt/prompt-set'
import { promptKinds } from '../run/plan'
import type { RunSummary } from '../run/summary'
import type { Shots } from '../run/types'

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
  'protocol',
  'strategy',
  'examples',
  'prompt',
  'decoding',
  'reuse',
  'data',
  'selection',
  'app',
  'engine',
  'device',
  'numbers',
  'context',
] as const

export type Condition = (typeof CONDITIONS)[number]

/** What names the thing compared, not a circumstance of it. */
const SUBJECT: readonly Condition[] = ['model', 'weights']
/** Does not touch what is compared: common items hold the same content, whatever else was drawn. */
const HARMLESS: readonly Condition[] = ['selection']

/** The conditions that are not the same in all of the runs. */
export function differingConditions(runs: readonly RunConditions[]): Condition[] {
  return CONDITIONS.filter((condition) => fingerprints(runs, condition).size > 1)
}

/** Those that a difference between two runs could come from, besides their models. */
export function confounders(first: RunConditions, second: RunConditions): Condition[] {
  return differingConditions([first, second]).filter(
    (condition) => !SUBJECT.includes(condition) && !HARMLESS.includes(condition),
  )
}

function fingerprints(runs: readonly RunConditions[], condition: Condition): Set<string> {
  // A pass decodes nothing, so only runs that generate can differ in how they decode.
  const concerned = condition === 'decoding' ? runs.filter(({ plan }) => plan.protocol !== 'letters') : runs
  const protocols = new Set(runs.map(({ plan }) => plan.protocol))
  if (condition === 'prompt' && protocols.size > 1) {
    // Each hash covers the prompts of its own protocol only: compare the words of all that are used.
    const kinds = PROMPT_KINDS.filter((kind) => [...protocols].some((one) => promptKinds(one).includes(kind)))
    return new Set(runs.map(({ plan }) => promptSource(plan.prompts, kinds)))
  }
  return new Set(concerned.map((run) => fingerprint(run, condition)))
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
    case 'protocol':
      return plan.protocol
    case 'strategy':
      return strategyKey(plan.strategy)
    case 'examples':
      return plan.shots ? JSON.stringify(examplesDrawn(plan, plan.shots)) : ''
    case 'prompt':
      return plan.promptSha256
    case 'decoding': {
      const { temperature, topP, maxTokens, seed } = plan.decoding
      // Greedy decoding draws nothing, so neither top-p nor the seed touches it.
      return [maxTokens, temperature, ...(temperature === 0 ? [] : [topP, seed])].join('\n')
    }
    case 'reuse':
      return plan.reusePrompt ? 'reused' : ''
    case 'data':
      return plan.dataset.itemsSha256
    case 'selection': {
      const { languages, levels, sampleSize, seed, design } = plan.selection
      const drawn = sampleSize === null ? null : [sampleSize, seed, design]
      const part = plan.split && [plan.split.part, plan.split.of]
      const share = plan.origin.kind === 'rerun' ? plan.origin.share : null
      return JSON.stringify([[...languages].sort(), [...levels].sort(), drawn, part, share])
    }
    case 'app':
      return plan.appVersion
    case 'engine':
      return each((engine) => `${engine.engine} ${engine.engineVersion}`)
    case 'device':
      return each((engine) => engine.device)
    case 'numbers':
      return failedStandings(engines).sort().join('\n')
    case 'context':
      return each((engine) => String(engine.contextTokens))
  }
}

/** What is wrong with the numbers of graphics units; what was never tested is no difference that is known. */
export function failedStandings(engines: readonly EngineDescription[]): ('avoided' | 'wrong')[] {
  const standings = engines.map(standingOf).filter((one) => one === 'avoided' || one === 'wrong')
  return [...new Set(standings)]
}

/** Stopping early leaves every answer as it is, so it is no difference. */
function strategyKey(strategy: RunConditions['plan']['strategy']): string {
  if (!strategy) return ''
  return [strategy.kind, strategy.samples, 'aggregate' in strategy ? strategy.aggregate : ''].join('\n')
}

/** What the examples depend on; from the dataset that is asked, only items that the run does not ask are drawn. */
function examplesDrawn({ dataset, selection }: RunConditions['plan'], { count, pool }: Omit<Shots, 'items'>) {
  const { seed, languages, levels, sampleSize, design } = selection
  const isOwnPool = pool.itemsSha256 === dataset.itemsSha256
  const asked = isOwnPool && [[...languages].sort(), [...levels].sort(), sampleSize, design]
  return [count, pool.itemsSha256, seed, asked]
}
