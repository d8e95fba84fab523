/** Lets two experts take turns on the one engine until their account is written. */
import type { ComparedModel } from '#core/chat/comparison'
import type { Engine, EngineDescription, EngineFailure, EngineResult, Generation } from '#core/engine'
import { SUFFICIENT_LETTERS } from '#core/experts/limits'
import { stageMessages, stageSeed } from '#core/experts/messages'
import { nextStage, tokensFor, type ExpertsState, type NextStage } from '#core/experts/state'
import type { ExpertRole, SufficiencyStage, Stage, WrittenStage } from '#core/experts/types'
import type { Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import { LOSSES } from './answer-series'
import { SHOW_INTERVAL_MS } from './write-reply'

export interface ExpertsLoopPorts {
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  /** Loads the model, or does nothing where it is loaded. */
  load(model: ComparedModel, signal: AbortSignal): Promise<EngineResult<EngineDescription>>
  /** Makes the stage the study's next event; gives the state with it once it is on disk. */
  store(stage: Stage): Promise<Result<ExpertsState, StudyFailure>>
  /** For the screen only; what counts is stored. */
  show(moment: ExpertsMoment): void
  now(): number
}

export interface ExpertsMoment {
  next: NextStage
  model: ComparedModel
  phase: 'loading' | 'reading' | 'writing'
  /** What the reply says so far. */
  text: string
  completionTokens: number
}

/** Why a study stands still. */
export type ExpertsProblem =
  { kind: 'engine'; role: ExpertRole; failure: EngineFailure } | { kind: 'storage'; failure: StudyFailure }

/**
 * Goes on with a study until its account is written. Null where it is, and where the user stopped it. A reply that was
 * begun is stored as far as it came; a lost model is loaded again once for each stage.
 */
export async function runExperts(
  from: ExpertsState,
  ports: ExpertsLoopPorts,
  signal: AbortSignal,
): Promise<ExpertsProblem | null> {
  let state = from
  let hasReloaded = false
  for (let next = nextStage(state); next && !signal.aborted; next = nextStage(state)) {
    const model = state.plan.models[next.role]
    ports.show({ next, model, phase: 'loading', text: '', completionTokens: 0 })
    // Each time: another page may have loaded another model meanwhile.
    const loaded = await ports.load(model, signal)
    if (signal.aborted) return null
    if (!loaded.ok) return loaded.failure.kind === 'aborted' ? null : engineProblem(next, loaded.failure)
    const { stage, failure } = await ask(state, next, model, loaded.value, ports, signal)
    if (stage) {
      const stored = await ports.store(stage)
      if (!stored.ok) return { kind: 'storage', failure: stored.failure }
      state = stored.value
    }
    if (signal.aborted) return null
    const isLost = failure !== null && LOSSES.includes(failure.kind)
    if (failure && (!isLost || hasReloaded)) return engineProblem(next, failure)
    hasReloaded = isLost
  }
  return null
}

function engineProblem({ role }: NextStage, failure: EngineFailure): ExpertsProblem {
  return { kind: 'engine', role, failure }
}

interface Asked {
  /** Null where nothing was said. */
  stage: Stage | null
  failure: EngineFailure | null
}

async function ask(
  state: ExpertsState,
  next: NextStage,
  model: ComparedModel,
  engine: EngineDescription,
  ports: ExpertsLoopPorts,
  signal: AbortSignal,
): Promise<Asked> {
  const messages = stageMessages(state, next)
  const base = {
    round: next.round,
    modelName: model.name,
    quantization: model.quantization,
    engine,
    messages,
  }
  ports.show({ next, model, phase: 'reading', text: '', completionTokens: 0 })
  if (next.kind === 'sufficiency') return check(base, ports, signal)
  const { temperature, topP } = state.plan.sampling
  const seed = stageSeed(state)
  const request = { messages, maxTokens: tokensFor(state, next.kind), temperature, topP, seed }
  const { written, failure } = await write(request, next, model, ports, signal)
  if (written.finish === 'abort' && written.reply === '') return { stage: null, failure }
  return { stage: { kind: next.kind, ...base, seed, ...written }, failure }
}

type Base = Pick<WrittenStage, 'round' | 'modelName' | 'quantization' | 'engine' | 'messages'>

/** One pass over two letters always gives an answer; a vocabulary without them is told as such, and the loop goes on. */
async function check(base: Base, { engine }: ExpertsLoopPorts, signal: AbortSignal): Promise<Asked> {
  const letters = SUFFICIENT_LETTERS
  const scored = await engine.scoreLetters({ messages: base.messages, letters }, signal)
  const stage = (given: Pick<SufficiencyStage, 'probability' | 'promptTokens' | 'elapsedMs'>): Asked => ({
    stage: { kind: 'sufficiency', ...base, ...given },
    failure: null,
  })
  if (scored.ok) {
    const { probabilities, promptTokens, elapsedMs } = scored.value
    return stage({ probability: probabilities[0] ?? null, promptTokens, elapsedMs })
  }
  if (scored.failure.kind === 'letters-not-tokens')
    return stage({ probability: null, promptTokens: 0, elapsedMs: 0 })
  return { stage: null, failure: scored.failure.kind === 'aborted' ? null : scored.failure }
}

type Written = Omit<WrittenStage, keyof Base | 'kind' | 'seed'>

async function write(
  request: Parameters<Engine['generate']>[0],
  next: NextStage,
  model: ComparedModel,
  ports: ExpertsLoopPorts,
  signal: AbortSignal,
): Promise<{ written: Written; failure: EngineFailure | null }> {
  const begun = ports.now()
  let shownAt = 0
  let soFar: Written = {
    reply: '',
    finish: 'abort',
    promptTokens: 0,
    completionTokens: 0,
    timeToFirstTokenMs: 0,
    decodeMs: 0,
  }
  const generation = await ports.engine.generate(
    request,
    (event) => {
      if (event.kind === 'prompt-processed') {
        const { promptTokens, timeToFirstTokenMs } = event
        soFar = { ...soFar, promptTokens, timeToFirstTokenMs }
        return
      }
      const at = ports.now()
      const { completionTokens } = event
      const decodeMs = Math.max(0, at - begun - soFar.timeToFirstTokenMs)
      soFar = { ...soFar, reply: soFar.reply + event.text, completionTokens, decodeMs }
      if (at - shownAt < SHOW_INTERVAL_MS) return
      shownAt = at
      ports.show({ next, model, phase: 'writing', text: soFar.reply, completionTokens })
    },
    signal,
  )
  if (generation.ok) return { written: writtenOf(generation.value), failure: null }
  return { written: soFar, failure: generation.failure.kind === 'aborted' ? null : generation.failure }
}

function writtenOf({ text, ...rest }: Generation): Written {
  return { reply: text, ...rest }
}
