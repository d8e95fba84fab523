/** Lets two models answer the questions of a series, each in its turn on the one engine. */
import { isWhole, missingTurns, type ComparedModel, type MissingReply } from '#core/chat/comparison'
import type { ComparisonRecord } from '#core/chat/comparison'
import { startReply } from '#core/chat/partial-reply'
import type { AssistantMessage, ChatStorageFailure } from '#core/chat/types'
import type { Engine, EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import type { Result } from '#core/result'
import { writeReply } from './write-reply'

export interface SeriesPorts {
  engine: Pick<Engine, 'generate'>
  /** Loads the model, or does nothing where it is loaded. */
  load(model: ComparedModel, signal: AbortSignal): Promise<EngineResult<EngineDescription>>
  store(missing: MissingReply, reply: AssistantMessage): Promise<Result<void, ChatStorageFailure>>
  /** For the screen only; what counts is stored. */
  show(moment: SeriesMoment): void
  now(): number
}

export type SeriesMoment =
  | { kind: 'loading'; turn: number }
  | { kind: 'writing'; turn: number; missing: MissingReply; reply: AssistantMessage | null }
  | { kind: 'written'; turn: number; missing: MissingReply; reply: AssistantMessage }

/** Why a series has not all of its replies. */
export type SeriesProblem =
  { kind: 'engine'; model: string; failure: EngineFailure } | { kind: 'storage'; failure: ChatStorageFailure }

/** After these the model must be loaded again, which may well help. */
export const LOSSES: readonly EngineFailure['kind'][] = [
  'worker-lost',
  'device-lost',
  'out-of-memory',
  'not-loaded',
]

/**
 * Asks for every reply that the series lacks, as the turns of `missingTurns` have it. A question too long for one
 * model is passed over; a lost model is loaded again once for each reply. What was written so far is always stored.
 */
export async function answerSeries(
  records: readonly ComparisonRecord[],
  loaded: string | null,
  ports: SeriesPorts,
  signal: AbortSignal,
): Promise<SeriesProblem | null> {
  const byId = new Map(records.map((record) => [record.id, record]))
  let passedOver: SeriesProblem | null = null
  for (const [turn, { model, missing }] of missingTurns(records, loaded).entries()) {
    ports.show({ kind: 'loading', turn })
    for (const one of missing) {
      const record = byId.get(one.id)
      if (!record) continue
      // Each time: a run or another page may have loaded another model meanwhile.
      let loading = await ports.load(model, signal)
      if (signal.aborted) return null
      if (!loading.ok) return loadProblem(model.name, loading.failure)
      let problem = await ask(record, one, turn, loading.value, ports, signal)
      if (problem?.kind === 'engine' && LOSSES.includes(problem.failure.kind)) {
        ports.show({ kind: 'loading', turn })
        loading = await ports.load(model, signal)
        if (!loading.ok) return loadProblem(model.name, loading.failure)
        problem = await ask(record, one, turn, loading.value, ports, signal)
      }
      if (!problem) continue
      const isTooLong = problem.kind === 'engine' && problem.failure.kind === 'context-exceeded'
      if (!isTooLong) return problem
      passedOver ??= problem
    }
  }
  return passedOver
}

/** Null where the load was given up: by the user, or for another load. */
function loadProblem(model: string, failure: EngineFailure): SeriesProblem | null {
  return failure.kind === 'aborted' ? null : { kind: 'engine', model, failure }
}

async function ask(
  { question, settings, models }: ComparisonRecord,
  missing: MissingReply,
  turn: number,
  engine: EngineDescription,
  ports: SeriesPorts,
  signal: AbortSignal,
): Promise<SeriesProblem | null> {
  const { name, quantization } = models[missing.side]
  const { system, maxTokens, temperature, topP, seed } = settings
  const user = { role: 'user', content: question } as const
  const request = {
    messages: system === null ? [user] : [{ role: 'system', content: system } as const, user],
    ...{ maxTokens, temperature, topP },
    seed: seed ?? 0,
  }
  const origin = { id: 1, parent: 0, at: ports.now(), modelName: name, quantization, settings }
  const start = startReply({ ...origin, engine, omittedMessages: 0 })
  let last = start
  ports.show({ kind: 'writing', turn, missing, reply: null })
  const failed = await writeReply(
    start,
    request,
    {
      engine: ports.engine,
      now: () => ports.now(),
      store: (reply) => ports.store(missing, reply),
      show: (reply) => {
        last = reply
        ports.show({ kind: 'writing', turn, missing, reply })
      },
    },
    signal,
  )
  if (failed?.kind === 'engine') return { ...failed, model: name }
  // A model may answer with silence, which is stored here: it would be asked again for ever.
  const silent = !failed && isWhole(last) && last.text === '' ? await ports.store(missing, last) : null
  if (silent && !silent.ok) return { kind: 'storage', failure: silent.failure }
  if (!failed && isWhole(last)) ports.show({ kind: 'written', turn, missing, reply: last })
  return failed
}
