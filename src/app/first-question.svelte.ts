import type { DatasetId, Item } from '#core/dataset/item'
import { drawQuestions } from '#core/run/draw'
import type { RunRequest } from '#core/run/plan'
import { shotsFor, type ItemSource } from '#core/run/shots'
import type { Datasets } from './datasets.svelte'

/** The first question of a run that is being set up. */
export type FirstQuestionState =
  /** Nothing can be asked yet. */
  | { kind: 'none' }
  | { kind: 'drawing' }
  | { kind: 'failed' }
  | {
      kind: 'ready'
      request: RunRequest
      item: Item
      /** By how many places its options are moved on when it is asked again right after; 0 when it is not. */
      rotation: number
      /** The worked examples before it. */
      examples: readonly Item[]
    }

/** Drawing waits until the form has been still for so long, in ms. */
const STILL_MS = 250

/** Draws the questions of a request exactly as its run will, and keeps the first. */
export class FirstQuestion {
  readonly #datasets: Pick<Datasets, 'itemMetas' | 'items'>
  #state = $state.raw<FirstQuestionState>({ kind: 'none' })
  #timer: ReturnType<typeof setTimeout> | undefined
  #latest: RunRequest | null = null

  constructor(datasets: Pick<Datasets, 'itemMetas' | 'items'>) {
    this.#datasets = datasets
  }

  get state(): FirstQuestionState {
    return this.#state
  }

  /** Draws anew for another request; null while the form is incomplete. */
  show(request: RunRequest | null): void {
    clearTimeout(this.#timer)
    this.#latest = request
    if (!request) {
      this.#state = { kind: 'none' }
      return
    }
    this.#state = { kind: 'drawing' }
    this.#timer = setTimeout(() => void this.#draw(request), STILL_MS)
  }

  async #draw(request: RunRequest): Promise<void> {
    const state = await this.#first(request).catch((): FirstQuestionState => ({ kind: 'failed' }))
    // The form may have changed meanwhile.
    if (request === this.#latest) this.#state = state
  }

  async #first(request: RunRequest): Promise<FirstQuestionState> {
    const dataset = await this.#source(request.dataset.id)
    const pool = request.shots && (await this.#source(request.shots.pool.id))
    const drawn = await drawQuestions(request, dataset, pool)
    if (!drawn.ok) return { kind: 'failed' }
    const { itemIndexes, rotations, shots } = drawn.value
    const [item] = await dataset.items(itemIndexes.slice(0, 1))
    if (!item) return { kind: 'failed' }
    return {
      kind: 'ready',
      request,
      item,
      rotation: rotations[1] ?? 0,
      examples: shotsFor(shots, item.language),
    }
  }

  async #source(id: DatasetId): Promise<ItemSource> {
    return {
      metas: await this.#datasets.itemMetas(id),
      items: (indexes) => this.#datasets.items(id, indexes),
    }
  }
}
