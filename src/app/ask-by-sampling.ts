/** A question answered by a choice from several replies, each of them stored before the next is drawn. */
import type { EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import type { Item } from '#core/dataset/item'
import { failure, success, type Result } from '#core/result'
import type { LogFailure } from '#core/run/log'
import { isDecided, plannedSeed, sampledAnswer, type RunStrategy } from '#core/run/sampling'
import { rotateItem } from '#core/run/rotate'
import type { Answer, RunPlan } from '#core/run/types'
import { selfVerifier } from '#core/strategy/scorer'
import type { Sample } from '#core/strategy/types'
import {
  generateReply,
  isTooLong,
  questionMessages,
  TOO_LONG,
  watchBackground,
  type AskPorts,
} from './ask-question'
import { scoreSteps } from './score-steps'

/** Makes a sample durable. */
export type KeepSample = (position: number, sample: Sample) => Promise<Result<unknown, LogFailure>>

export type SamplingFailure = EngineFailure | { kind: 'not-stored'; failure: LogFailure }

/** @param stored samples that the question has already, from before an interruption; none of them is drawn again */
export async function askBySampling(
  plan: RunPlan & { strategy: RunStrategy },
  { position, plain, stored }: { position: number; plain: Item; stored: readonly Sample[] },
  engine: EngineDescription,
  ports: AskPorts,
  keep: KeepSample,
  signal: AbortSignal,
): Promise<Result<Answer, SamplingFailure>> {
  const { strategy } = plan
  const rotation = plan.rotations[position] ?? 0
  const item = rotateItem(plain, rotation)
  ports.show({ kind: 'question', position, item })
  const asked = { position, item, rotation, forward: null }
  const samples = [...stored]
  while (!isDecided(strategy, samples)) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const index = samples.length
    ports.show({ kind: 'sample', index, planned: strategy.samples, samples: [...samples] })
    const { watched, wasHidden } = watchBackground(ports)
    const drawn = await drawSample(plan, { position, item, index }, engine, watched, signal)
    const hidden = wasHidden()
    // The prompt is the same for all of them, so the first one tells.
    if (!drawn.ok && isTooLong(drawn.failure)) {
      return success({ ...asked, ...TOO_LONG, answeredAt: ports.now(), hidden, failure: drawn.failure })
    }
    if (!drawn.ok) return drawn
    // Another model may have been loaded while the question waited: its reply must not count for this run.
    if (ports.loaded()?.fingerprint !== engine.fingerprint) return failure({ kind: 'not-loaded' })
    const sample = { ...drawn.value, hidden }
    const kept = await keep(position, sample)
    if (!kept.ok) return failure({ kind: 'not-stored', failure: kept.failure })
    samples.push(sample)
  }
  // Those drawn before an interruption count as well.
  const hidden = samples.some((sample) => sample.hidden === true)
  const chosen = sampledAnswer(strategy, samples)
  return success({ ...asked, ...chosen, answeredAt: ports.now(), hidden, failure: null })
}

async function drawSample(
  plan: RunPlan & { strategy: RunStrategy },
  { position, item, index }: { position: number; item: Item; index: number },
  engine: EngineDescription,
  ports: AskPorts,
  signal: AbortSignal,
): Promise<EngineResult<Sample>> {
  const seed = plannedSeed(plan, position, index)
  const generated = await generateReply({ plan, item, compareReuse: false }, seed, ports, signal)
  if (!generated.ok) return generated
  const sample = { index, seed, ...generated.value }
  if (!('aggregate' in plan.strategy)) return success({ ...sample, scores: null })
  ports.show({ kind: 'scoring', index })
  const { name, quantization } = plan.model
  const { fingerprint } = engine
  const scorer = selfVerifier({ modelName: name, quantization, fingerprint })
  const scored = await scoreSteps(
    ports.engine,
    scorer,
    questionMessages(plan, item),
    sample.reply,
    item.language,
    signal,
  )
  return scored.ok ? success({ ...sample, scores: scored.value }) : scored
}
