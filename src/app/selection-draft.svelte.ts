import type { Dataset, ItemCounts } from '#core/dataset/item'
import type { ItemLanguage } from '#core/prompt/question'
import { LANGUAGE_ORDER, LEVEL_ORDER, planStrata } from '#core/run/sample'
import type { LevelChoice, SampleDesign, Selection, Stratum } from '#core/run/types'
import { isWhole, type NumberInput } from './number-input'

/** Known to ±6.9 points, and few enough to wait for on a slow computer; the user changes it at a glance. */
const DEFAULT_SAMPLE = 200

/** Which questions of a dataset the next run asks, on all machines together. */
export class SelectionDraft {
  readonly #dataset: () => Pick<Dataset, 'counts'> | null
  #languages = $state.raw<readonly ItemLanguage[]>(LANGUAGE_ORDER)
  #levels = $state.raw<readonly LevelChoice[]>(LEVEL_ORDER)
  sampled = $state(true)
  design = $state<SampleDesign>('proportional')
  sampleSize = $state<NumberInput>(DEFAULT_SAMPLE)
  seed = $state<NumberInput>(0)

  readonly #strata = $derived(this.#strataOf(this.sampled ? this.sampleSize : null))

  /** `dataset` must read reactive state. */
  constructor(dataset: () => Pick<Dataset, 'counts'> | null) {
    this.#dataset = dataset
  }

  get languages(): readonly ItemLanguage[] {
    return this.#languages
  }

  get levels(): readonly LevelChoice[] {
    return this.#levels
  }

  /** The cells to be asked, with how many questions of each. */
  get strata(): readonly Stratum[] {
    return this.#strata
  }

  /** How many questions the languages and levels chosen have. */
  get available(): number {
    return this.#languages.reduce((sum, language) => sum + this.countOfLanguage(language), 0)
  }

  /** How many questions are asked; rotated ones come on top. */
  get items(): number {
    return this.#strata.reduce((sum, stratum) => sum + stratum.sampled, 0)
  }

  /** Only a simple random sample, or all in random order, may be stopped as soon as it is precise enough. */
  get allowsPrecision(): boolean {
    return this.design === 'simple' || this.#usedSize === null
  }

  /** Which fields hold something that no run can have. */
  get invalid(): Record<'sampleSize' | 'seed', boolean> {
    return {
      sampleSize: this.sampled && !isWhole(this.sampleSize, 1, Number.MAX_SAFE_INTEGER),
      seed: !isWhole(this.seed, 0, Number.MAX_SAFE_INTEGER),
    }
  }

  /**
   * `stopsWhenPrecise`: all questions in random order are a simple random sample at any moment; the design chosen
   * counts for a sample only.
   */
  value(stopsWhenPrecise: boolean): Selection {
    const unsampled = stopsWhenPrecise ? 'simple' : 'proportional'
    return {
      languages: this.#languages,
      levels: this.#levels,
      sampleSize: this.#usedSize,
      seed: this.seed ?? 0,
      design: this.#usedSize === null ? unsampled : this.design,
    }
  }

  /** How many questions a language has at the levels chosen. */
  countOfLanguage(language: ItemLanguage): number {
    const counts = this.#counts?.[language]
    return counts ? this.#levels.reduce((sum, level) => sum + counts[level], 0) : 0
  }

  /** How many questions a level has in the languages chosen. */
  countOfLevel(level: LevelChoice): number {
    const counts = this.#counts
    return counts ? this.#languages.reduce((sum, language) => sum + counts[language][level], 0) : 0
  }

  toggleLanguage(language: ItemLanguage): void {
    this.#languages = toggled(LANGUAGE_ORDER, this.#languages, language)
  }

  toggleLevel(level: LevelChoice): void {
    this.#levels = toggled(LEVEL_ORDER, this.#levels, level)
  }

  get #counts(): ItemCounts | undefined {
    return this.#dataset()?.counts
  }

  /** Null for all. */
  get #usedSize(): number | null {
    return this.sampled && this.items < this.available ? this.items : null
  }

  #strataOf(sampleSize: NumberInput): Stratum[] {
    const counts = this.#counts
    if (!counts || (sampleSize !== null && !isWhole(sampleSize, 1, Number.MAX_SAFE_INTEGER))) return []
    return planStrata(counts, {
      languages: this.#languages,
      levels: this.#levels,
      sampleSize,
      design: this.design,
    })
  }
}

function toggled<Choice>(order: readonly Choice[], chosen: readonly Choice[], choice: Choice): Choice[] {
  return order.filter((other) => (other === choice) !== chosen.includes(other))
}
