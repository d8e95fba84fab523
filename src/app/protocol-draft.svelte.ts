import type { Dataset, DatasetId } from '#core/dataset/item'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import type { PromptSet, PromptSetId } from '#core/prompt/prompt-set'
import type { RunRequest } from '#core/run/plan'
import type { Protocol } from '#core/run/types'
import { isWhole, isWithin, type NumberInput } from './number-input'

/** Eight examples of AnesBench's usual length fill half of a context of 4,096 tokens. */
export const MOST_SHOTS = 8

/** Beyond this, a part of AnesBench has fewer than 80 questions, and managing the parts is the greater work. */
export const MOST_PARTS = 100

const DEFAULT_SHOTS = 3

/** How the next run puts its questions: protocol, words, worked examples, rotation, and its part of a split. */
export class ProtocolDraft {
  readonly #datasets: { readonly list: readonly Dataset[] }
  readonly #prompts: { readonly list: readonly PromptSet[] }
  #promptsId = $state.raw<PromptSetId | null>(null)
  #poolId = $state.raw<DatasetId | null>(null)
  protocol = $state<Protocol>('generate')
  /** Share of the questions that are asked rotated as well, 0 to 100. */
  rotationPercent = $state<NumberInput>(0)
  shotCount = $state<NumberInput>(DEFAULT_SHOTS)
  /** Whether the engine may keep what it has read of the prompt before. */
  reusesPrompts = $state(true)
  /** Whether this machine asks only part `part` of `parts`. */
  isSplit = $state(false)
  part = $state<NumberInput>(1)
  parts = $state<NumberInput>(2)

  constructor(
    datasets: { readonly list: readonly Dataset[] },
    prompts: { readonly list: readonly PromptSet[] },
  ) {
    this.#datasets = datasets
    this.#prompts = prompts
  }

  /** The chosen words; the built-in ones when the chosen ones were deleted. */
  get prompts(): PromptSet {
    return this.#prompts.list.find(({ id }) => id === this.#promptsId) ?? ANESBENCH_PROMPTS
  }

  /** The dataset that worked examples are drawn from; null for none. */
  get pool(): Dataset | null {
    return this.#datasets.list.find(({ id }) => id === this.#poolId) ?? null
  }

  /** Whether the model writes replies, so that decoding matters. */
  get generates(): boolean {
    return this.protocol !== 'letters'
  }

  /** Which fields hold something that no run can have. */
  get invalid(): Record<'rotationPercent' | 'shotCount' | 'part' | 'parts', boolean> {
    return {
      rotationPercent: !isWithin(this.rotationPercent, 0, 100),
      shotCount: this.pool !== null && !isWhole(this.shotCount, 1, MOST_SHOTS),
      parts: this.isSplit && !isWhole(this.parts, 2, MOST_PARTS),
      part: this.isSplit && !isWhole(this.part, 1, this.parts ?? MOST_PARTS),
    }
  }

  /** How many examples each question has; 0 without a pool. */
  get shots(): number {
    return this.pool ? (this.shotCount ?? 0) : 0
  }

  /** How many of `items` questions this machine asks, dealt out round robin. */
  itemsOfPart(items: number): number {
    const { isSplit, part, parts } = this
    if (!isSplit || this.invalid.part || this.invalid.parts) return items
    return Math.max(0, Math.ceil((items - (part ?? 1) + 1) / (parts ?? 1)))
  }

  /** What of a run's request is decided here. */
  get settings(): Pick<
    RunRequest,
    'protocol' | 'prompts' | 'rotationShare' | 'shots' | 'reusePrompt' | 'split'
  > {
    const { pool } = this
    return {
      protocol: this.protocol,
      prompts: this.prompts,
      rotationShare: (this.rotationPercent ?? 0) / 100,
      shots: pool && {
        pool: { id: pool.id, name: pool.name, itemsSha256: pool.itemsSha256 },
        count: this.shotCount ?? DEFAULT_SHOTS,
      },
      ...(this.reusesPrompts && { reusePrompt: true }),
      split: this.isSplit ? { part: this.part ?? 1, of: this.parts ?? 1 } : null,
    }
  }

  choosePrompts(id: PromptSetId): void {
    this.#promptsId = id
  }

  /** Null for no examples. */
  choosePool(id: DatasetId | null): void {
    this.#poolId = id
  }
}
