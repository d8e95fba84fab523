import type { Dataset } from '../dataset/item'
import type { ItemMeta } from '../dataset/strata'
import type { PromptSet } from '../prompt/prompt-set'
import type { PromptKind } from '../prompt/question'
import { sampleItems } from './sample'
import type { Budget, Decoding, Protocol, RunId, RunPlan, Selection } from './types'

/** What the user chooses of a run. */
export interface RunRequest {
  model: RunPlan['model']
  dataset: Pick<Dataset, 'id' | 'name' | 'source' | 'sha256' | 'itemsSha256'>
  selection: Selection
  protocol: Protocol
  prompts: PromptSet
  decoding: Decoding
  budget: Budget
}

/** The prompts that a protocol sends, in the order sent. */
export function promptKinds(protocol: Protocol): readonly PromptKind[] {
  switch (protocol) {
    case 'generate':
      return ['chain-of-thought']
    case 'letters':
      return ['letter-only']
    case 'both':
      return ['chain-of-thought', 'letter-only']
  }
}

/** The plan of a run over `items`, all of the dataset's in their order; its list is empty when nothing fits. */
export function makeRunPlan(
  request: RunRequest,
  items: readonly ItemMeta[],
  made: { id: RunId; at: number; appVersion: string; promptSha256: string },
): RunPlan {
  const { model, dataset, selection, protocol, prompts, decoding, budget } = request
  const sample = sampleItems(items, selection)
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
    ...sample,
    rotations: sample.itemIndexes.map(() => 0),
    rotationShare: 0,
    askedSha256: '',
    protocol,
    prompts,
    promptSha256: made.promptSha256,
    shots: null,
    decoding,
    budget,
    split: null,
    origin: { kind: 'own' },
  }
}
