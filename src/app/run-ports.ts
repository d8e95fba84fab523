import type { EngineDescription, EngineFailure } from '#core/engine'
import type { ImportFailure } from '#core/dataset/failure'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import type { ItemMeta } from '#core/dataset/strata'
import type { Result } from '#core/result'
import type { RunPlan } from '#core/run/types'

/** What runs ask of the models: to have one loaded. */
export interface RunModels {
  /** Loads the variant unless it is loaded; aborting the signal gives the load up. */
  ensureLoaded(
    model: RunPlan['model'],
    signal: AbortSignal,
  ): Promise<Result<EngineDescription, EngineFailure | { kind: 'model-unknown' }>>
  /** What is loaded now. */
  loaded(): EngineDescription | null
  builtIn(): RunPlan['model']
}

/** What runs ask of the datasets. */
export interface RunDatasets {
  find(id: DatasetId): Promise<Dataset | undefined>
  /** Id, language and level of every item, in order. */
  itemMetas(id: DatasetId): Promise<ItemMeta[]>
  item(id: DatasetId, index: number): Promise<Item | undefined>
  /** The items at these indexes, in their order; those that are gone are left out. */
  items(id: DatasetId, indexes: readonly number[]): Promise<Item[]>
  installBuiltIn(): Promise<Result<Dataset, ImportFailure>>
}
