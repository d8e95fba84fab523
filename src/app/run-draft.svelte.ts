import { downloadHosts, variantsOf, type ModelRecord, type ModelVariant } from '#core/catalog'
import type { Dataset, DatasetId } from '#core/dataset/item'
import type { ItemLanguage } from '#core/prompt/question'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '#core/run/sample'
import { CITRUS_DECODING, CITRUS_ID } from '#core/prompt/citrus-decoding'
import type { PromptSet, PromptSetId } from '#core/prompt/prompt-set'
import { OFFICIAL_DECODING, type Decoding } from '#core/run/types'
import type { LoadedModel, ModelChoice } from './models.svelte'
import { BudgetDraft } from './budget-draft.svelte'
import { isWhole, isWithin, type NumberInput } from './number-input'
import { ProtocolDraft } from './protocol-draft.svelte'
import { SelectionDraft } from './selection-draft.svelte'
import { SAMPLING, StrategyDraft, type StrategyKind } from './strategy-draft.svelte'

/** What a draft reads of the models. */
export interface DraftModels {
  readonly records: readonly ModelRecord[]
  readonly builtIn: ModelRecord
  readonly loaded: LoadedModel | null
  readonly lastChoice: ModelChoice | null
  find(choice: ModelChoice | null): { model: ModelRecord; variant: ModelVariant } | null
}

/** Far beyond any model's context; the engine ends a reply at its context anyway. */
export const MAX_NEW_TOKENS = 32_768
export const MAX_TEMPERATURE = 2

/** What the user is putting together for the next run. */
export class RunDraft {
  readonly #models: DraftModels
  readonly #datasets: { readonly list: readonly Dataset[] }
  #model = $state.raw<ModelChoice | null>(null)
  #datasetId = $state.raw<DatasetId | null>(null)
  /** Which questions of the dataset. */
  readonly selection = new SelectionDraft(() => this.dataset)
  /** Protocol, prompts, examples, rotation and split. */
  readonly method: ProtocolDraft
  /** Which of several replies counts. */
  readonly strategy = new StrategyDraft()
  readonly budget = new BudgetDraft()
  temperature = $state<NumberInput>(OFFICIAL_DECODING.temperature)
  topP = $state<NumberInput>(OFFICIAL_DECODING.topP)
  maxTokens = $state<NumberInput>(OFFICIAL_DECODING.maxTokens)
  decodingSeed = $state<NumberInput>(OFFICIAL_DECODING.seed)

  constructor(
    models: DraftModels,
    datasets: { readonly list: readonly Dataset[] },
    prompts: { readonly list: readonly PromptSet[] },
  ) {
    this.#models = models
    this.#datasets = datasets
    this.method = new ProtocolDraft(datasets, prompts)
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

  /** The languages in which the pool has too few examples besides the questions that are asked themselves. */
  get poolLacks(): ItemLanguage[] {
    const { pool, shots } = this.method
    if (!pool) return []
    const isAsked = pool.itemsSha256 === this.dataset?.itemsSha256
    return LANGUAGE_ORDER.filter((language) => {
      const asked = this.selection.strata.filter((cell) => cell.language === language)
      const sampled = asked.reduce((sum, cell) => sum + cell.sampled, 0)
      const held = LEVEL_ORDER.reduce((sum, level) => sum + pool.counts[language][level], 0)
      return sampled > 0 && held - (isAsked ? sampled : 0) < shots
    })
  }

  /** How many of the selected questions this machine asks. */
  get ownItems(): number {
    return this.method.itemsOfPart(this.selection.items)
  }

  /** How many of these are asked rotated as well, if all of them can be. */
  get rotatedItems(): number {
    return Math.round((this.ownItems * (this.method.rotationPercent ?? 0)) / 100)
  }

  /** Whether each question gets several replies: only where nothing but replies is asked for. */
  get drawsSeveral(): boolean {
    return this.strategy.isSeveral && this.method.protocol === 'generate'
  }

  /** How many replies a question gets at most. */
  get repliesPerQuestion(): number {
    return this.drawsSeveral && !this.strategy.invalid.samples ? (this.strategy.samples ?? 1) : 1
  }

  /** Whether the replies to a question would all be the same. */
  get drawsAlike(): boolean {
    return this.drawsSeveral && this.temperature === 0
  }

  /** Which fields hold something that no run can have. */
  get invalid(): Record<'temperature' | 'topP' | 'maxTokens' | 'decodingSeed', boolean> {
    const { generates } = this.method
    return {
      temperature: generates && (!isWithin(this.temperature, 0, MAX_TEMPERATURE) || this.drawsAlike),
      topP: generates && (!isWithin(this.topP, 0, 1) || this.topP === 0),
      maxTokens: generates && !isWhole(this.maxTokens, 1, MAX_NEW_TOKENS),
      decodingSeed: generates && !isWhole(this.decodingSeed, 0, 2 ** 32 - 1),
    }
  }

  get isOfficial(): boolean {
    return (
      this.temperature === OFFICIAL_DECODING.temperature &&
      this.topP === OFFICIAL_DECODING.topP &&
      this.maxTokens === OFFICIAL_DECODING.maxTokens &&
      !this.drawsSeveral
    )
  }

  /** The run to start, or null while something is missing or invalid. */
  get request(): RunRequest | null {
    const { model, dataset } = this
    if (!model || !dataset || this.ownItems === 0 || !this.#isValid) return null
    const strategy = this.drawsSeveral ? this.strategy.value : undefined
    return {
      ...PLAIN_REQUEST,
      ...this.method.settings,
      model: {
        recordId: model.model.id,
        variantId: model.variant.id,
        name: model.model.name,
        quantization: model.variant.quantization,
      },
      dataset,
      selection: this.selection.value(this.budget.halfWidthPoints !== null),
      decoding: this.#decoding(),
      ...(strategy && { strategy }),
      budget: this.budget.value(this.selection.allowsPrecision),
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

  /** Takes what is published of the decoding that goes with the words, where the user has not chosen another. */
  choosePrompts(id: PromptSetId): void {
    const before = decodingFor(this.method.prompts)
    this.method.choosePrompts(id)
    const after = decodingFor(this.method.prompts)
    if (this.temperature === before.temperature) this.temperature = after.temperature
    if (this.maxTokens === before.maxTokens) this.maxTokens = after.maxTokens
  }

  /** Takes the decoding that the strategy was published with, unless the user has chosen another. */
  chooseStrategy(kind: StrategyKind): void {
    const before = this.strategy.isSeveral ? SAMPLING : OFFICIAL_DECODING
    this.strategy.kind = kind
    if (this.temperature === before.temperature && this.topP === before.topP) this.takeProposedDecoding()
  }

  /** Sampling as MedS3 does it for several replies, greedy for one. */
  takeProposedDecoding(): void {
    const { temperature, topP } = this.strategy.isSeveral ? SAMPLING : OFFICIAL_DECODING
    this.temperature = temperature
    this.topP = topP
  }

  restoreOfficial(): void {
    this.strategy.kind = 'single'
    this.temperature = OFFICIAL_DECODING.temperature
    this.topP = OFFICIAL_DECODING.topP
    this.maxTokens = OFFICIAL_DECODING.maxTokens
    this.decodingSeed = OFFICIAL_DECODING.seed
  }

  get #isValid(): boolean {
    const invalid = [this.invalid, this.selection.invalid, this.method.invalid, this.budget.invalid].flatMap(
      (fields) => Object.values(fields),
    )
    if (this.drawsSeveral && this.strategy.invalid.samples) return false
    return !invalid.includes(true) && this.poolLacks.length === 0
  }

  #decoding(): Decoding {
    if (!this.method.generates) return OFFICIAL_DECODING
    return {
      temperature: this.temperature ?? OFFICIAL_DECODING.temperature,
      topP: this.topP ?? OFFICIAL_DECODING.topP,
      maxTokens: this.maxTokens ?? OFFICIAL_DECODING.maxTokens,
      seed: this.decodingSeed ?? OFFICIAL_DECODING.seed,
    }
  }
}

function decodingFor({ id }: PromptSet): { temperature: number; maxTokens: number } {
  return id === CITRUS_ID ? CITRUS_DECODING : OFFICIAL_DECODING
}
