/** Where a model that only scores steps may be chosen, and where not. */
import { expect, test } from 'vitest'
import catalogJson from '../../../models.json'
import { Models, type ModelsPorts } from '#app/models.svelte'
import { runModels } from '#app/run-models'
import { parseCatalog } from '#core/catalog'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'
import { DESKTOP } from '../../fixtures/device'

const parsed = parseCatalog(catalogJson)
if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure))
const catalog = parsed.value
const never = new AbortController().signal

const stored: StoredModel = {
  ...{
    id: 'own/prm' as StoredModelId,
    name: 'PRM',
    catalog: null,
    architecture: 'llama',
    isRewardModel: true,
  },
  ...{ quantization: 'q4f16_1', parameters: 8e9, contextTokens: 4096, memoryMB: 5001, files: [] },
  ...{ runtime: { engine: 'webllm', requiresShaderF16: true, largestTensorBytes: 1 } },
  ...{ origin: { kind: 'files', name: 'PRM' }, fingerprint: 'f', addedAt: 0, completedAt: 0 },
  ...{ verifiedAt: 0, lastUsedAt: null },
}
const choice = { modelId: stored.id, variantId: 'q4f16_1' }

/** With the engine holding the stored model, as a reward model or as a language model. */
function openModels(description: object): Models {
  const state = { kind: 'ready', model: { id: `${stored.id}/q4f16_1`, name: 'PRM' }, description }
  return new Models({
    catalog,
    engine: { state } as unknown as ModelsPorts['engine'],
    preferences: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    probe: () => Promise.resolve(DESKTOP),
    store: { models: [stored] } as unknown as ModelsPorts['store'],
  })
}

test('a reward model is held and scores, and is nothing that answers', async () => {
  const models = openModels({ isRewardModel: true })
  expect(models.held?.model.name).toBe('PRM')
  expect(models.loaded).toBeNull()
  expect(models.records.map(({ id }) => id)).toContain(stored.id)
  expect(models.writers.map(({ id }) => id)).not.toContain(stored.id)
  expect(models.writers).toHaveLength(catalog.models.length)
  const model = {
    recordId: choice.modelId,
    variantId: choice.variantId,
    name: 'PRM',
    quantization: 'q4f16_1',
  }
  expect(await runModels(models).ensureLoaded(model, never)).toEqual(failure({ kind: 'only-a-reward-model' }))
})

test('a language model is both', () => {
  const models = openModels({})
  expect(models.loaded?.model.name).toBe('PRM')
  expect(models.held).toEqual(models.loaded)
})
