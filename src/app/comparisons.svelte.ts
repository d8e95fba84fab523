import {
  bySeries,
  isReady,
  missingTurns,
  modelKey,
  planSeries,
  type ComparedModel,
  type ComparisonId,
  type ComparisonRecord,
  type MissingReply,
  type Preference,
  type SeriesPlan,
} from '#core/chat/comparison'
import type { AssistantMessage, ChatStorageFailure } from '#core/chat/types'
import type { Engine } from '#core/engine'
import { failure, success, type Result } from '#core/result'
import type { ComparisonDatabase } from '#data/db/comparisons'
import type { Preferences } from '#data/db/preferences'
import { answerSeries, type SeriesMoment, type SeriesProblem } from './answer-series'
import { collect } from './slices'
import type { Models } from './models.svelte'

export interface ComparisonsPorts {
  database: ComparisonDatabase
  preferences: Pick<Preferences, 'get' | 'set'>
  engine: Pick<Engine, 'generate'>
  models: Pick<Models, 'load' | 'loaded'>
  /** Between the tabs of this browser. */
  channel: { tell: () => void; hear: (listener: () => void) => void }
  /** Whether a conversation, a run or other work is using the engine. */
  isEngineTaken: () => boolean
  /** Whether other work is measured: its model and its times must stay its own. */
  isMeasuring: () => boolean
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => ComparisonId
  /** A non-negative integer for the sampler. */
  newSeed: () => number
  /** Heads or tails. */
  toss: () => boolean
}

/** How far one of the two models is with a series. */
export interface TurnProgress {
  model: ComparedModel
  state: 'waiting' | 'loading' | 'writing' | 'done'
  done: number
  total: number
}

export interface SeriesProgress {
  series: ComparisonId
  turns: readonly TurnProgress[]
  /** The reply that is being written; not to be shown of a veiled comparison. */
  writing: (MissingReply & { reply: AssistantMessage | null }) | null
}

/** As of conversations: a deletion can be undone for a day. */
const UNDO_MS = 24 * 60 * 60 * 1000

const KEYS = 'compareKeys'

/** Questions put to two models, and what the user preferred. One series is answered at a time. */
export class Comparisons {
  readonly #ports: ComparisonsPorts
  #list = $state.raw<readonly ComparisonRecord[]>([])
  #progress = $state.raw<SeriesProgress | null>(null)
  #problem = $state.raw<{ series: ComparisonId; problem: SeriesProblem } | null>(null)
  #hasKeys = $state(true)
  #abort = new AbortController()
  readonly #series = $derived(bySeries(this.#list))

  constructor(ports: ComparisonsPorts) {
    this.#ports = ports
    // A tab whose database was closed for a newer version says so; it has nothing to follow.
    ports.channel.hear(() => void this.#refresh().catch(() => undefined))
  }

  /** The latest series first, each in the order of its questions. */
  get list(): readonly ComparisonRecord[] {
    return this.#list
  }

  /** Of the series that is being answered; null while none is. */
  get progress(): SeriesProgress | null {
    return this.#progress
  }

  get busy(): boolean {
    return this.#progress !== null
  }

  /** The engine answers elsewhere in this app; no series can begin. */
  get isEngineTaken(): boolean {
    return this.#ports.isEngineTaken()
  }

  /** Whether the keys 1 to 4 give a preference. */
  get hasKeys(): boolean {
    return this.#hasKeys
  }

  find(id: string | undefined): ComparisonRecord | undefined {
    return this.#list.find((record) => record.id === id)
  }

  /** The comparisons of a series, in the order of their questions. */
  seriesOf({ series }: Pick<ComparisonRecord, 'series'>): readonly ComparisonRecord[] {
    return this.#series.get(series) ?? []
  }

  /** The latest first. */
  get allSeries(): readonly (readonly ComparisonRecord[])[] {
    return [...this.#series.values()]
  }

  /** Whether replies of the series are missing. */
  isIncomplete(record: Pick<ComparisonRecord, 'series'>): boolean {
    return this.seriesOf(record).some((one) => !isReady(one))
  }

  problemOf({ series }: Pick<ComparisonRecord, 'series'>): SeriesProblem | null {
    return this.#problem?.series === series ? this.#problem.problem : null
  }

  /** Reads the list, and erases what was deleted in earlier visits. */
  async restore(): Promise<void> {
    this.#hasKeys = (await this.#ports.preferences.get(KEYS)) !== false
    await this.#ports.database.purge(this.#ports.now() - UNDO_MS)
    await this.#refresh()
  }

  /** Stores a new series and begins to ask. Gives its first comparison. */
  async start(
    plan: Omit<SeriesPlan, 'settings' | 'at'> & { settings: ComparisonRecord['settings'] },
  ): Promise<Result<ComparisonId, ChatStorageFailure> | null> {
    const { database, newId, newSeed, now, toss } = this.#ports
    if (this.busy || this.isEngineTaken) return null
    const settings = { ...plan.settings, seed: plan.settings.seed ?? newSeed() }
    const records = planSeries({ ...plan, settings, at: now() }, newId, toss)
    const [first] = records
    if (!first) return null
    const created = await database.create(records)
    if (!created.ok) return created
    await this.#changed()
    void this.resume(first)
    return { ok: true, value: first.id }
  }

  /** Asks for what a series lacks. */
  async resume(of: Pick<ComparisonRecord, 'series'>): Promise<void> {
    if (this.busy || this.isEngineTaken) return
    const { engine, database, channel, now } = this.#ports
    const records = this.seriesOf(of).filter((record) => !isReady(record))
    const held = this.#held
    const turns = missingTurns(records, held).map(({ model, missing }): TurnProgress => ({
      model,
      state: 'waiting',
      done: 0,
      total: missing.length,
    }))
    this.#abort = new AbortController()
    this.#problem = null
    this.#progress = { series: of.series, turns, writing: null }
    try {
      const problem = await answerSeries(
        records,
        held,
        {
          engine,
          now,
          load: (model, signal) => this.#load(model, signal),
          store: async ({ id, side }, reply) => {
            const stored = await database.putReply(id, side, reply)
            channel.tell()
            return stored
          },
          show: (moment) => this.#follow(moment),
        },
        this.#abort.signal,
      )
      this.#problem = problem && { series: of.series, problem }
      await this.#refresh()
    } finally {
      this.#progress = null
    }
  }

  stop(): void {
    this.#abort.abort()
  }

  /** Stores what the user preferred; the first word counts. */
  async decide(id: ComparisonId, preference: Preference): Promise<Result<void, ChatStorageFailure>> {
    const stored = await this.#ports.database.decide(id, preference, this.#ports.now())
    await this.#changed()
    return stored
  }

  /** Deletes comparisons; the function returned brings them back. */
  async remove(ids: readonly ComparisonId[]): Promise<() => Promise<void>> {
    const { database, now } = this.#ports
    if (ids.some((id) => this.find(id)?.series === this.#progress?.series)) this.stop()
    await database.remove(ids, now())
    await this.#changed()
    return async () => {
      await database.restore(ids)
      await this.#changed()
    }
  }

  async useKeys(wanted: boolean): Promise<void> {
    this.#hasKeys = wanted
    await this.#ports.preferences.set(KEYS, wanted)
  }

  /** All that may be told, as a file. `notice` says what replies are. */
  async exportFile(format: 'json' | 'csv', notice: string): Promise<File> {
    const files = await import('#core/chat/comparison-file')
    const at = this.#ports.now()
    const parts =
      format === 'json'
        ? files.comparisonsJsonParts(files.comparisonsFile(this.#list, notice, at))
        : files.comparisonsCsvParts(this.#list, notice)
    const type = format === 'json' ? 'application/json' : 'text/csv;charset=utf-8'
    return new File(await collect(parts), files.comparisonsFileName(at, format), { type })
  }

  async #load(model: ComparedModel, signal: AbortSignal) {
    const { models, isMeasuring } = this.#ports
    // Begun on another page meanwhile; the series can go on after it.
    if (isMeasuring()) return failure({ kind: 'aborted' } as const)
    const { loaded } = models
    if (loaded && this.#held === modelKey(model)) return success(loaded.description)
    return models.load({ modelId: model.modelId, variantId: model.variantId }, signal)
  }

  /** The model that is loaded, as one word. */
  get #held(): string | null {
    const { loaded } = this.#ports.models
    return loaded && modelKey({ modelId: loaded.model.id, variantId: loaded.variant.id })
  }

  #follow(moment: SeriesMoment): void {
    const progress = this.#progress
    if (!progress) return
    const turns = progress.turns.map((turn, index): TurnProgress => {
      if (index < moment.turn) return { ...turn, state: 'done' }
      if (index > moment.turn) return turn
      if (moment.kind !== 'written') return { ...turn, state: moment.kind }
      const done = turn.done + 1
      return { ...turn, done, state: done === turn.total ? 'done' : 'writing' }
    })
    const writing = moment.kind === 'writing' ? { ...moment.missing, reply: moment.reply } : null
    this.#progress = { ...progress, turns, writing }
    if (moment.kind === 'written') this.#keep(moment.missing, moment.reply)
  }

  /** The list on the screen follows without reading all of it again. */
  #keep({ id, side }: MissingReply, reply: AssistantMessage): void {
    this.#list = this.#list.map((record) =>
      record.id === id ? { ...record, replies: { ...record.replies, [side]: reply } } : record,
    )
  }

  async #changed(): Promise<void> {
    await this.#refresh()
    this.#ports.channel.tell()
  }

  async #refresh(): Promise<void> {
    this.#list = await this.#ports.database.list()
  }
}
