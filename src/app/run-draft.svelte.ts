import { downloadHosts, variantsOf, type ModelRecord, type ModelVariant } from '#core/catalog'
import type { Dataset, DatasetId } from '#core/dataset/item'
import type { ItemLanguage } from '#core/prompt/question'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import { LANGUAGE_ORDER, LEVEL_ORDER, planStrata } from '#core/run/sample'
import { OFFICIAL_DECODING, type Decoding, type LevelChoice, type Stratum } from '#core/run/types'
import { wilsonInterval } from '#core/score/wilson'
import type { LoadedModel, ModelChoice } from './models.svelte'

/** What a draft reads of the models. */
export interface DraftModels {
  readonly records: readonly ModelRecord[]
  readonly builtIn: ModelRecord
  readonly loaded: LoadedModel | null
  readonly lastChoice: ModelChoice | null
  find(choice: ModelChoice | null): { model: ModelRecord; variant: ModelVariant } | null
}

/** Known to ±6.9 points, and few enough to wait for on a slow computer; the user changes it at a glance. */
const DEFAULT_SAMPLE = 200

/** Far beyond any model's context; the engine ends a reply at its context anyway. */
export const MAX_NEW_TOKENS = 32_768
export const MAX_TEMPERATURE = 2

/** A number field: empty is null. */
type NumberInput = number | null

/** What the user is putting together for the next run. */
export class RunDraft {
  readonly #models: DraftModels
  readonly #datasets: { readonly list: readonly Dataset[] }
  #model = $state.raw<ModelChoice | null>(null)
  #datasetId = $state.raw<DatasetId | null>(null)
  #languages = $state.raw<readonly ItemLanguage[]>(LANGUAGE_ORDER)
  #levels = $state.raw<readonly LevelChoice[]>(LEVEL_ORDER)
  sampled = $state(true)
  sampleSize = $state<NumberInput>(DEFAULT_SAMPLE)
  seed = $state<NumberInput>(0)
  temperature = $state<NumberInput>(OFFICIAL_DECODING.temperature)
  topP = $state<NumberInput>(OFFICIAL_DECODING.topP)
  maxTokens = $state<NumberInput>(OFFICIAL_DECODING.maxTokens)
  decodingSeed = $state<NumberInput>(OFFICIAL_DECODING.seed)

  readonly #strata = $derived(this.#strataOf(this.sampled ? this.sampleSize : null))

  constructor(models: DraftModels, datasets: { readonly list: readonly Dataset[] }) {
    this.#models = models
    this.#datasets = datasets
  }

  /** The chosen model; until one is chosen the loaded one, the last one, or the built-in one. */
  get model(): { model: ModelRecord; variant: ModelVariant } | null {
    const { loaded, lastChoice, builtIn } = this.#models
    const chosen = this.#models.find(this.#model) ?? loaded ?? this.#models.find(lastChoice)
    if (chosen) return chosen
    const variant = variantsOf(builtIn)[0]
    return variant ? { model: builtIn, variant } : null
  }

  /** Where the chosen model is fetched from when the run starts; empty when nothing is. */
  get downloadHosts(): readonly string[] {
    const { model } = this
    return model && !this.isLoaded(model) ? downloadHosts(model.variant) : []
  }

  get dataset(): Dataset | null {
    const { list } = this.#datasets
    return list.find((dataset) => dataset.id === this.#datasetId) ?? list[0] ?? null
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

  /** How many questions the run asks. */
  get items(): number {
    return this.#strata.reduce((sum, stratum) => sum + stratum.sampled, 0)
  }

  /** Half the width of the Wilson 95% interval at an accuracy of one half, its widest; null without questions. */
  get margin(): number | null {
    if (this.items === 0) return null
    const { lower, upper } = wilsonInterval(this.items / 2, this.items)
    return (upper - lower) / 2
  }

  /** Which fields hold something that no run can have. */
  get invalid(): Record<
    'sampleSize' | 'seed' | 'temperature' | 'topP' | 'maxTokens' | 'decodingSeed',
    boolean
  > {
    return {
      sampleSize: this.sampled && !isWhole(this.sampleSize, 1, Number.MAX_SAFE_INTEGER),
      seed: !isWhole(this.seed, 0, Number.MAX_SAFE_INTEGER),
      temperature: !isWithin(this.temperature, 0, MAX_TEMPERATURE),
      topP: !isWithin(this.topP, 0, 1) || this.topP === 0,
      maxTokens: !isWhole(this.maxTokens, 1, MAX_NEW_TOKENS),
      decodingSeed: !isWhole(this.decodingSeed, 0, 2 ** 32 - 1),
    }
  }

  get isOfficial(): boolean {
    return (
      this.temperature === OFFICIAL_DECODING.temperature &&
      this.topP === OFFICIAL_DECODING.topP &&
      this.maxTokens === OFFICIAL_DECODING.maxTokens
    )
  }

  /** The run to start, or null while something is missing or invalid. */
  get request(): RunRequest | null {
    const { model, dataset, items } = this
    if (!model || !dataset || items === 0 || Object.values(this.invalid).includes(true)) return null
    return {
      ...PLAIN_REQUEST,
      model: {
        recordId: model.model.id,
        variantId: model.variant.id,
        name: model.model.name,
        quantization: model.variant.quantization,
      },
      dataset,
      selection: {
        languages: this.#languages,
        levels: this.#levels,
        sampleSize: this.sampled && items < this.available ? items : null,
        seed: this.seed ?? 0,
        design: 'proportional',
      },
      decoding: this.#decoding(),
    }
  }

  isLoaded({ model, variant }: { model: ModelRecord; variant: ModelVariant }): boolean {
    const { loaded } = this.#models
    return loaded?.model.id === model.id && loaded.variant.id === variant.id
  }

  chooseModel(choice: ModelChoice): void {
    this.#model = choice
  }

  /** Null leaves the choice to the newest dataset. */
  chooseDataset(id: DatasetId | null): void {
    this.#datasetId = id
  }

  /** How many questions a language has at the levels chosen. */
  countOfLanguage(language: ItemLanguage): number {
    const counts = this.dataset?.counts[language]
    return counts ? this.#levels.reduce((sum, level) => sum + counts[level], 0) : 0
  }

  /** How many questions a level has in the languages chosen. */
  countOfLevel(level: LevelChoice): number {
    const counts = this.dataset?.counts
    return counts ? this.#languages.reduce((sum, language) => sum + counts[language][level], 0) : 0
  }

  toggleLanguage(language: ItemLanguage): void {
    this.#languages = toggled(LANGUAGE_ORDER, this.#languages, language)
  }

  toggleLevel(level: LevelChoice): void {
    this.#levels = toggled(LEVEL_ORDER, this.#levels, level)
  }

  restoreOfficial(): void {
    this.temperature = OFFICIAL_DECODING.temperature
    this.topP = OFFICIAL_DECODING.topP
    this.maxTokens = OFFICIAL_DECODING.maxTokens
    this.decodingSeed = OFFICIAL_DECODING.seed
  }

  #strataOf(sampleSize: NumberInput): Stratum[] {
    const counts = this.dataset?.counts
    if (!counts || (sampleSize !== null && !isWhole(sampleSize, 1, Number.MAX_SAFE_INTEGER))) return []
    return planStrata(counts, {
      languages: this.#languages,
      levels: this.#levels,
      sampleSize,
      design: 'proportional',
    })
  }

  #decoding(): Decoding {
    return {
      temperature: this.temperature ?? OFFICIAL_DECODING.temperature,
      topP: this.topP ?? OFFICIAL_DECODING.topP,
      maxTokens: this.maxTokens ?? OFFICIAL_DECODING.maxTokens,
      seed: this.decodingSeed ?? OFFICIAL_DECODING.seed,
    }
  }
}

function toggled<Choice>(order: readonly Choice[], chosen: readonly Choice[], choice: Choice): Choice[] {
  return order.filter((other) => (other === choice) !== chosen.includes(other))
}

function isWithin(value: NumberInput, least: number, most: number): value is number {
  return value !== null && value >= least && value <= most
}

function isWhole(value: NumberInput, least: number, most: number): value is number {
  return isWithin(value, least, most) && Number.isInteger(value)
}
