import type { Dataset } from '../dataset/item'
import type { ItemMeta } from '../dataset/strata'
import { PROMPT_VERSION, type PromptKind } from '../prompt/anesbench'
import { sampleItems } from './sample'
import type { Decoding, RunId, RunPlan, Selection } from './types'

/** What the user chooses of a run. */
export interface RunRequest {
  model: RunPlan['model']
  dataset: Pick<Dataset, 'id' | 'name' | 'source' | 'sha256' | 'itemsSha256'>
  selection: Selection
  decoding: Decoding
}

/** Letter scoring without reasoning is another protocol; runs are official chain of thought. */
export const RUN_PROMPT_KIND: PromptKind = 'chain-of-thought'

/** The plan of a run over `items`, all of the dataset's in their order; its list is empty when nothing fits. */
export function makeRunPlan(
  request: RunRequest,
  items: readonly ItemMeta[],
  made: { id: RunId; at: number; appVersion: string; promptSha256: string },
): RunPlan {
  const { model, dataset, selection, decoding } = request
  return {
    id: made.id,
    name: `${model.name} ${model.quantization} · ${dataset.name}`,
    createdAt: made.at,
    appVersion: made.appVersion,
    model,
    dataset: {
      id: dataset.id,
      name: dataset.name,
      source: dataset.source.kind,
      sha256: dataset.sha256,
      itemsSha256: dataset.itemsSha256,
    },
    selection,
    ...sampleItems(items, selection),
    promptKind: RUN_PROMPT_KIND,
    promptVersion: PROMPT_VERSION,
    promptSha256: made.promptSha256,
    decoding,
  }
}
