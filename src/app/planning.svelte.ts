import { discordanceSteps, latestPair } from '#core/compare/discordance'
import type { Dataset } from '#core/dataset/item'
import type { RunRequest } from '#core/run/plan'
import { paceKey, paceOfRun, type Pace } from '#core/run/pace'
import {
  MOST_TARGET_POINTS,
  MOST_WATTS,
  readPlanningMemory,
  type PlanningMemory,
} from '#core/run/planning-memory'
import type { RunSummary } from '#core/run/summary'
import type { RunId } from '#core/run/types'
import { scoringsOf } from '#core/score/verdict'
import type { Preferences } from '#data/db/preferences'
import type { RunRecord } from '#data/db/runs'
import type { RunLocks } from '#data/run-lock'
import { measurePace, type PaceFailure, type PacePorts } from './measure-pace'
import { isWithin, type NumberInput } from './number-input'
import { inSteps } from './slices'

export interface PlanningOptions extends PacePorts {
  preferences: Pick<Preferences, 'get' | 'set'>
  locks: Pick<RunLocks, 'acquire'>
  runs: { readonly summaries: readonly RunSummary[]; load(id: RunId): Promise<RunRecord | null> }
  keepAwake(): () => void
}

/** A pace, and the run that it comes from; null when it was measured for planning. */
export interface KnownPace extends Pace {
  run: string | null
}

/** The share of questions on which two earlier runs differ. */
export interface EarlierPair {
  percent: number
  first: string
  second: string
}

export type MeasuringState =
  | { kind: 'idle' }
  /** `asked` is null while the model is loaded. */
  | { kind: 'measuring'; asked: number | null }
  | { kind: 'measured'; msPerItem: number }
  | { kind: 'busy' }
  | { kind: 'failed'; failure: PaceFailure }

const MEMORY = 'planning'

const LEAST_DISCORDANCE_PERCENT = 0.1

/** The name that the measurement holds the locks of runs under. */
const LOCK_NAME = 'pace' as RunId

/** What a run on this device costs, as far as it was measured, and the assumptions that the user may change. */
export class Planning {
  readonly #options: PlanningOptions
  #paces = $state.raw<PlanningMemory['paces']>({})
  #state = $state.raw<MeasuringState>({ kind: 'idle' })
  #pair = $state.raw<EarlierPair | 'none' | null>(null)
  #control: AbortController | undefined
  /** Power of this device while it answers. */
  watts = $state<NumberInput>(null)
  /** Half the width of the interval that is wanted, in points. */
  targetPoints = $state<NumberInput>(null)
  /** Of the questions, those that one of two models gets right and the other does not. */
  discordancePercent = $state<NumberInput>(null)

  constructor(options: PlanningOptions) {
    this.#options = options
    this.#take(readPlanningMemory(undefined))
  }

  get state(): MeasuringState {
    return this.#state
  }

  get busy(): boolean {
    return this.#state.kind === 'measuring'
  }

  /** The earlier runs that the share of differing questions was taken from; `none` when there are none. */
  get pair(): EarlierPair | 'none' | null {
    return this.#pair
  }

  /** Which fields hold something that cannot be. */
  get invalid(): Record<'watts' | 'targetPoints' | 'discordancePercent', boolean> {
    const isInvalid = (value: NumberInput, most: number) => value === 0 || !isWithin(value, 0, most)
    return {
      watts: isInvalid(this.watts, MOST_WATTS),
      targetPoints: isInvalid(this.targetPoints, MOST_TARGET_POINTS),
      discordancePercent: isInvalid(this.discordancePercent, 100),
    }
  }

  /** Reads what was remembered. */
  async restore(): Promise<void> {
    this.#take(readPlanningMemory(await this.#options.preferences.get(MEMORY)))
  }

  /** Keeps the assumptions for the next visit; invalid ones are not kept. */
  async remember(): Promise<void> {
    const { preferences } = this.#options
    const stored = readPlanningMemory(await preferences.get(MEMORY))
    const { watts, targetPoints, discordancePercent, invalid } = this
    const valid = <Value>(isInvalid: boolean, value: Value | null, other: Value) =>
      isInvalid || value === null ? other : value
    await preferences.set(MEMORY, {
      watts: valid(invalid.watts, watts, stored.watts),
      targetPoints: valid(invalid.targetPoints, targetPoints, stored.targetPoints),
      discordancePercent: valid(invalid.discordancePercent, discordancePercent, stored.discordancePercent),
      paces: this.#paces,
    })
  }

  /** The latest pace of such questions on this device; null when none was measured. */
  pace(request: RunRequest): KnownPace | null {
    const key = paceKey(request)
    const measured = this.#paces[key]
    const known: KnownPace[] = this.#options.runs.summaries.flatMap((run) => {
      const pace = paceOfRun(run, key)
      return pace ? { ...pace, run: run.plan.name } : []
    })
    if (measured) known.push({ ...measured, run: null })
    return known.reduce<KnownPace | null>((last, pace) => (last && last.at > pace.at ? last : pace), null)
  }

  /** Asks a few questions of the request and keeps how long they took. */
  async measure(request: RunRequest): Promise<void> {
    if (this.busy) return
    this.#state = { kind: 'measuring', asked: null }
    const control = new AbortController()
    this.#control = control
    const lock = await this.#options.locks.acquire(LOCK_NAME)
    if (lock.kind === 'busy') {
      this.#state = { kind: 'busy' }
      return
    }
    const sleepAgain = this.#options.keepAwake()
    try {
      const onAsked = (asked: number) => (this.#state = { kind: 'measuring', asked })
      const measured = await measurePace(request, this.#options, onAsked, control.signal)
      if (measured.ok) {
        this.#paces = { ...this.#paces, [paceKey(request)]: measured.value }
        await this.remember()
      }
      if (measured.ok) this.#state = { kind: 'measured', msPerItem: measured.value.msPerItem }
      else if (!control.signal.aborted) this.#state = { kind: 'failed', failure: measured.failure }
    } finally {
      await lock.release()
      sleepAgain()
      if (this.busy) this.#state = { kind: 'idle' }
    }
  }

  cancel(): void {
    this.#control?.abort()
  }

  /** Takes the share of differing questions from the two latest runs of different models, if there are. */
  async takePair(dataset: Pick<Dataset, 'itemsSha256'>): Promise<void> {
    const { runs } = this.#options
    const found = latestPair(runs.summaries, dataset.itemsSha256)
    const records = found && (await Promise.all(found.map(({ id }) => runs.load(id))))
    const [first, second] = records ?? []
    const share =
      first && second
        ? await inSteps(discordanceSteps(first.answers, second.answers, scoringsOf(first.plan.protocol)[0]))
        : null
    if (!first || !second || share === null) {
      this.#pair = 'none'
      return
    }
    // From two runs that never differ nothing can be computed.
    const percent = Math.max(LEAST_DISCORDANCE_PERCENT, Math.round(share * 1000) / 10)
    this.#pair = { percent, first: first.plan.name, second: second.plan.name }
    this.discordancePercent = percent
    await this.remember()
  }

  #take(memory: PlanningMemory): void {
    this.watts = memory.watts
    this.targetPoints = memory.targetPoints
    this.discordancePercent = memory.discordancePercent
    this.#paces = memory.paces
  }
}
