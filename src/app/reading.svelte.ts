import { SvelteSet } from 'svelte/reactivity'
import type { Preferences } from '#data/db/preferences'

/** What a screen reader hears of a reply that is being written; never single tokens. */
export type Announced = 'finished' | 'sentences'

const OPEN_REASONING = 'chat-open-reasoning'
const ANNOUNCED = 'chat-announced'

/** Steps of the projector view's type, from its normal size. */
const SIZES = { least: -2, most: 4 }

/** How the user likes to read replies. All but the projector view is kept between visits. */
export class Reading {
  readonly #preferences: Preferences
  #openReasoning = $state(false)
  #announced = $state<Announced>('finished')
  #projecting = $state(false)
  #projectorSize = $state(0)
  readonly #unfolded = new SvelteSet<string>()

  constructor(preferences: Preferences) {
    this.#preferences = preferences
  }

  /** Reasoning is unfolded while it is being written. */
  get openReasoning(): boolean {
    return this.#openReasoning
  }

  get announced(): Announced {
    return this.#announced
  }

  /** The projector view is on; lasts until it is left or the page is closed. */
  get projecting(): boolean {
    return this.#projecting
  }

  /** Steps away from the normal size of the projector view. */
  get projectorSize(): number {
    return this.#projectorSize
  }

  async restore(): Promise<void> {
    const [open, announced] = await Promise.all([
      this.#preferences.get(OPEN_REASONING),
      this.#preferences.get(ANNOUNCED),
    ])
    this.#openReasoning = open === true
    this.#announced = announced === 'sentences' ? announced : 'finished'
  }

  async chooseOpenReasoning(open: boolean): Promise<void> {
    this.#openReasoning = open
    await this.#preferences.set(OPEN_REASONING, open)
  }

  async chooseAnnounced(announced: Announced): Promise<void> {
    this.#announced = announced
    await this.#preferences.set(ANNOUNCED, announced)
  }

  /** Whether the part of a reply named `part` is unfolded; lasts until the page is closed, whoever shows it anew. */
  isUnfolded(part: string): boolean {
    return this.#unfolded.has(part)
  }

  unfold(part: string, open: boolean): void {
    if (open) this.#unfolded.add(part)
    else this.#unfolded.delete(part)
  }

  project(on: boolean): void {
    this.#projecting = on
  }

  resizeProjector(step: number): void {
    this.#projectorSize = Math.min(SIZES.most, Math.max(SIZES.least, this.#projectorSize + step))
  }
}
