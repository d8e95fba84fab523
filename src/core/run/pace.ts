/** How long questions take on this device, from questions that were asked here. */
import type { PromptSet } from '../prompt/prompt-set'
import { answeringMs } from '../score/level-effort'
import type { RunRequest } from './plan'
import { msPerAnswer, type RunSummary } from './summary'
import type { Answer, RunPlan } from './types'

/** Answering time of questions that were asked one after the other. */
export interface Pace {
  /** Mean, in ms. */
  msPerItem: number
  /** How many questions were timed. */
  items: number
  /** The shortest and the longest, in ms; null where only the mean is known. */
  range: { least: number; most: number } | null
  /** When the last of them was answered. */
  at: number
  /** Set where a question may take less: it was reckoned with all of its samples, and may stop before. */
  isMost?: true | undefined
}

/** Fewer answers of an earlier run tell too little: single replies differ by a factor of ten. */
const LEAST_ANSWERS = 5

/** Null without answers. */
export function paceOf(
  answers: readonly Pick<Answer, 'timeToFirstTokenMs' | 'decodeMs' | 'forward' | 'answeredAt'>[],
): Pace | null {
  const times = answers.map(answeringMs)
  if (times.length === 0) return null
  return {
    msPerItem: times.reduce((sum, ms) => sum + ms, 0) / times.length,
    items: times.length,
    range: { least: Math.min(...times), most: Math.max(...times) },
    at: Math.max(...answers.map(({ answeredAt }) => answeredAt)),
  }
}

/** What a question's time depends on, besides the device and the question. */
type Paced = Pick<RunRequest, 'model' | 'protocol'> & {
  prompts: Pick<PromptSet, 'id' | 'version'>
  decoding: Pick<RunRequest['decoding'], 'maxTokens'>
  shots: { count: number } | null
  strategy?: RunPlan['strategy']
  reusePrompt?: true
}

/**
 * The pace of questions that are answered by a strategy, from questions that were asked once, scoring included. Samples
 * of one question may take less than that, where the engine keeps what it read of the prompt.
 */
export function paceOfStrategy(
  { msPerItem, range, ...pace }: Pace,
  { samples, stopsEarly }: NonNullable<RunPlan['strategy']>,
): Pace {
  return {
    ...pace,
    msPerItem: msPerItem * samples,
    range: range && { least: range.least * samples, most: range.most * samples },
    ...(stopsEarly && { isMost: true }),
  }
}

/** Runs and requests with one key take as long per question; the token limit counts where replies are written. */
export function paceKey({ model, protocol, prompts, decoding, shots, strategy, reusePrompt }: Paced): string {
  const limit = protocol === 'letters' ? null : decoding.maxTokens
  return JSON.stringify([
    model.recordId,
    model.variantId,
    protocol,
    limit,
    prompts.id,
    prompts.version,
    shots?.count ?? 0,
    ...(strategy ? [nameOf(strategy)] : []),
    ...(reusePrompt ? ['reuse'] : []),
  ])
}

function nameOf(strategy: NonNullable<RunPlan['strategy']>): string {
  const { kind, samples, stopsEarly } = strategy
  return JSON.stringify([kind, samples, stopsEarly, 'aggregate' in strategy ? strategy.aggregate : null])
}

/** A run's pace, if it was made here, is not too short, and its questions take as long as those of `key`. */
export function paceOfRun(run: RunSummary, key: string): Pace | null {
  const { plan, answered, updatedAt } = run
  const isFromHere = plan.origin.kind === 'own' || plan.origin.kind === 'rerun'
  if (!isFromHere || answered < LEAST_ANSWERS || paceKey(plan) !== key) return null
  return { msPerItem: msPerAnswer(run), items: answered, range: null, at: updatedAt }
}
