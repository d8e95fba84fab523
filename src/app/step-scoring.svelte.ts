/** Stored replies, scored step by step by the model that is loaded now. */
import type { Engine, EngineFailure } from '#core/engine'
import { failure, success, type Result } from '#core/result'
import type { LogFailure } from '#core/run/log'
import type { QuestionSamples } from '#core/run/samples'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import { scorerKey, selfVerifier } from '#core/strategy/scorer'
import type { Sample, StepScorer, StepScores } from '#core/strategy/types'
import type { Release, RunLocks } from '#data/run-lock'
import { questionMessages } from './ask-question'
import type { LoadedModel } from './models.svelte'
import { scoreSteps } from './score-steps'

/** How far the scoring of one run is. */
export interface ScoringProgress {
  runId: RunId
  scorer: StepScorer
  /** Replies scored by this scorer, of all that the run stored. */
  scored: number
  total: number
  /** At the mean pace so far; null before the first reply. */
  remainingMs: number | null
}

export type ScoringProblem =
  | { kind: 'busy' }
  | { kind: 'engine'; failure: EngineFailure }
  | { kind: 'storage'; failure: LogFailure }
  /** Another model was loaded meanwhile. */
  | { kind: 'other-model' }
  /** The run came without its questions, and nobody can judge an answer to what is not there. */
  | { kind: 'no-questions' }
  | { kind: 'broken'; detail: string }

export interface ScoringPorts {
  runs: {
    samples(runId: RunId, position: number): Promise<QuestionSamples>
    score(
      runId: RunId,
      position: number,
      sample: number,
      scores: StepScores,
    ): Promise<Result<unknown, LogFailure>>
  }
  engine: Pick<Engine, 'scoreLetters' | 'scoreReward'>
  loaded: () => LoadedModel | null
  locks: Pick<RunLocks, 'acquire'>
  keepAwake(): () => void
  now: () => number
}

export interface ScoredRun {
  plan: RunPlan
  answers: readonly Answer[]
}

/** The name that scoring holds the locks of runs under: what measures must not run beside it. */
const LOCK_NAME = 'step-scoring' as RunId

/** Questions whose samples are read at a time. */
const READ_BATCH = 50

interface OpenSample {
  answer: Answer
  sample: Sample
}

/** One run at a time; each reply's scores are on the disk before the next is looked at, so that any end is no loss. */
export class StepScoring {
  readonly #ports: ScoringPorts
  #progress = $state.raw<ScoringProgress | null>(null)
  #problem = $state.raw<{ runId: RunId; problem: ScoringProblem } | null>(null)
  #control: AbortController | undefined

  constructor(ports: ScoringPorts) {
    this.#ports = ports
  }

  /** Null while nothing is scored. */
  get progress(): ScoringProgress | null {
    return this.#progress
  }

  get busy(): boolean {
    return this.#progress !== null
  }

  /** Why the last scoring of this run ended before its last reply. */
  problem(runId: RunId): ScoringProblem | null {
    return this.#problem?.runId === runId ? this.#problem.problem : null
  }

  /** What would score now; null while no model is loaded. */
  get scorer(): StepScorer | null {
    const loaded = this.#ports.loaded()
    return loaded && scorerOf(loaded)
  }

  /** Scores every stored reply of the run that this scorer has not scored; resolves when it ends, however it does. */
  async start(run: ScoredRun): Promise<void> {
    const { scorer } = this
    if (this.busy || !scorer) return
    const runId = run.plan.id
    const control = new AbortController()
    this.#control = control
    this.#problem = null
    this.#progress = { runId, scorer, scored: 0, total: 0, remainingMs: null }
    const sleepAgain = this.#ports.keepAwake()
    let release: Release | undefined
    try {
      const lock = await this.#ports.locks.acquire(LOCK_NAME)
      if (lock.kind === 'busy') return this.#fail(runId, { kind: 'busy' })
      release = lock.release
      const ended = await this.#scoreAll(run, scorer, control.signal)
      if (!ended.ok && !control.signal.aborted) this.#fail(runId, ended.failure)
    } catch (error) {
      this.#fail(runId, { kind: 'broken', detail: error instanceof Error ? error.message : String(error) })
    } finally {
      await release?.()
      sleepAgain()
      this.#control = undefined
      this.#progress = null
    }
  }

  /** The reply under way is scored anew by whoever goes on. */
  stop(): void {
    this.#control?.abort()
  }

  async #scoreAll(
    run: ScoredRun,
    scorer: StepScorer,
    signal: AbortSignal,
  ): Promise<Result<undefined, ScoringProblem>> {
    const { open, total } = await this.#openSamples(run, scorer, signal)
    if (open.some(({ answer }) => answer.item.withheld !== undefined)) {
      return failure({ kind: 'no-questions' })
    }
    const begunAt = this.#ports.now()
    for (const [done, next] of open.entries()) {
      const remainingMs = done === 0 ? null : ((this.#ports.now() - begunAt) / done) * (open.length - done)
      const scored = total - open.length + done
      this.#progress = { runId: run.plan.id, scorer, scored, total, remainingMs }
      const outcome = await this.#score(run.plan, next, scorer, signal)
      if (!outcome.ok) return outcome
    }
    return success(undefined)
  }

  /** Of the questions as the dataset has them: no other answer counts where strategies are compared. */
  async #openSamples(
    { plan, answers }: ScoredRun,
    scorer: StepScorer,
    signal: AbortSignal,
  ): Promise<{ open: OpenSample[]; total: number }> {
    const open: OpenSample[] = []
    let total = 0
    for (let from = 0; from < answers.length && !signal.aborted; from += READ_BATCH) {
      const batch = answers.slice(from, from + READ_BATCH)
      const read = await Promise.all(batch.map(({ position }) => this.#ports.runs.samples(plan.id, position)))
      for (const [index, answer] of batch.entries()) {
        const question = read[index]
        if (!question) continue
        total += question.samples.length
        for (const sample of question.samples)
          if (!isScoredBy(question, sample, scorer)) open.push({ answer, sample })
      }
    }
    return { open, total }
  }

  async #score(
    plan: RunPlan,
    { answer, sample }: OpenSample,
    scorer: StepScorer,
    signal: AbortSignal,
  ): Promise<Result<undefined, ScoringProblem>> {
    const { engine, runs, loaded } = this.#ports
    const { item, position } = answer
    const messages = questionMessages(plan, item)
    const scores = await scoreSteps(engine, scorer, messages, sample.reply, item.language, signal)
    // Who loads another model gives up what the one before it was doing.
    if (!scores.ok && scores.failure.kind === 'aborted') return failure({ kind: 'other-model' })
    if (!scores.ok) return failure({ kind: 'engine', failure: scores.failure })
    if (loaded()?.description.fingerprint !== scorer.fingerprint) return failure({ kind: 'other-model' })
    const stored = await runs.score(plan.id, position, sample.index, scores.value)
    return stored.ok ? success(undefined) : failure({ kind: 'storage', failure: stored.failure })
  }

  #fail(runId: RunId, problem: ScoringProblem): void {
    this.#problem = { runId, problem }
  }
}

function scorerOf({ model, variant, description }: LoadedModel): StepScorer {
  const { fingerprint, isRewardModel } = description
  const names = { modelName: model.name, quantization: variant.quantization, fingerprint }
  return isRewardModel ? { kind: 'reward-model', ...names } : selfVerifier(names)
}

function isScoredBy({ later }: QuestionSamples, sample: Sample, scorer: StepScorer): boolean {
  const key = scorerKey(scorer)
  if (sample.scores && scorerKey(sample.scores.scorer) === key) return true
  return later.some((each) => each.sample === sample.index && scorerKey(each.scores.scorer) === key)
}
