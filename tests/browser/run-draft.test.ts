import { beforeEach, describe, expect, it } from 'vitest'
import { RunDraft, type DraftModels } from '#app/run-draft.svelte'
import { parseCatalog, variantsOf, type Catalog } from '#core/catalog'
import type { Dataset, DatasetId, ItemCounts } from '#core/dataset/item'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { CITRUS_PROMPTS } from '#core/prompt/citrus'
import type { PromptSet, PromptSetId } from '#core/prompt/prompt-set'
import { NO_BUDGET, OFFICIAL_DECODING } from '#core/run/types'
import catalogJson from '../../models.json'

const parsed = parseCatalog(catalogJson)
if (!parsed.ok) throw new Error('models.json')
const catalog: Catalog = parsed.value
const builtIn = catalog.models.find(({ availability }) => availability.kind === 'built-in')!
const big = catalog.models.find((model) => variantsOf(model).some(({ engine }) => engine === 'webllm'))!
const bigVariant = variantsOf(big).find(({ engine }) => engine === 'webllm')!

/** The sizes of AnesBench. */
const COUNTS: ItemCounts = {
  en: { 1: 2960, 2: 1028, 3: 355, unlabelled: 0 },
  zh: { 1: 2784, 2: 534, 3: 211, unlabelled: 0 },
}

function dataset(id: string, counts: ItemCounts): Dataset {
  return {
    id: id as DatasetId,
    name: id,
    source: { kind: 'built-in' },
    sha256: '',
    itemsSha256: '',
    counts,
    optionCounts: {},
    problemCount: 0,
    importedAt: 0,
  }
}

let models: { -readonly [Key in keyof DraftModels]: DraftModels[Key] }
let datasets: { list: Dataset[] }
let prompts: { list: PromptSet[] }
let draft: RunDraft

beforeEach(() => {
  models = {
    records: catalog.models,
    builtIn,
    loaded: null,
    lastChoice: null,
    find: (choice) => {
      const model = catalog.models.find(({ id }) => id === choice?.modelId)
      const variant = model && variantsOf(model).find(({ id }) => id === choice?.variantId)
      return model && variant ? { model, variant } : null
    },
  }
  datasets = { list: [dataset('anesbench', COUNTS)] }
  prompts = { list: [ANESBENCH_PROMPTS] }
  draft = new RunDraft(models, datasets, prompts)
})

describe('RunDraft', () => {
  it('begins with official decoding and a sample over everything', () => {
    expect(draft.request).toMatchObject({
      decoding: OFFICIAL_DECODING,
      selection: { languages: ['en', 'zh'], levels: [1, 2, 3, 'unlabelled'], sampleSize: 200, seed: 0 },
    })
    expect(draft.selection.items).toBe(200)
    expect(draft.selection.available).toBe(7872)
    expect(draft.isOfficial).toBe(true)
  })

  it('counts a language at the levels chosen and a level in the languages chosen', () => {
    draft.selection.toggleLevel(1)
    draft.selection.toggleLanguage('zh')
    expect(draft.selection.countOfLanguage('en')).toBe(1383)
    expect(draft.selection.countOfLevel(3)).toBe(355)
    expect(draft.selection.available).toBe(1383)
    draft.selection.toggleLanguage('zh')
    expect(draft.selection.languages).toEqual(['en', 'zh'])
  })

  it('asks all where the sample would be larger', () => {
    draft.selection.toggleLevel(1)
    draft.selection.toggleLevel(2)
    draft.selection.sampleSize = 5000
    expect(draft.selection.items).toBe(566)
    expect(draft.request?.selection.sampleSize).toBeNull()
  })

  it.each([
    { field: 'sampleSize', value: 0 },
    { field: 'sampleSize', value: 2.5 },
    { field: 'sampleSize', value: null },
    { field: 'seed', value: -1 },
    { field: 'seed', value: 2 ** 53 },
  ] as const)('gives no request for $field = $value', ({ field, value }) => {
    draft.selection[field] = value
    expect(draft.selection.invalid[field]).toBe(true)
    expect(draft.request).toBeNull()
  })

  it.each([
    { field: 'temperature', value: 2.1 },
    { field: 'topP', value: 0 },
    { field: 'topP', value: 1.1 },
    { field: 'maxTokens', value: 0 },
    { field: 'maxTokens', value: 40_000 },
    { field: 'decodingSeed', value: 1.5 },
  ] as const)('gives no request for $field = $value', ({ field, value }) => {
    draft[field] = value
    expect(draft.invalid[field]).toBe(true)
    expect(draft.request).toBeNull()
  })

  it('does not mind the sample size when all are asked', () => {
    draft.selection.sampleSize = null
    draft.selection.sampled = false
    expect(draft.selection.items).toBe(7872)
    expect(draft.request?.selection.sampleSize).toBeNull()
  })

  it('gives no request for an empty choice or without a dataset', () => {
    draft.selection.toggleLanguage('en')
    draft.selection.toggleLanguage('zh')
    expect(draft.selection.items).toBe(0)
    expect(draft.request).toBeNull()
    expect(new RunDraft(models, { list: [] }, prompts).request).toBeNull()
  })

  it('tells other settings from the official ones and goes back to them', () => {
    draft.temperature = 0.7
    expect(draft.isOfficial).toBe(false)
    expect(draft.request?.decoding.temperature).toBe(0.7)
    draft.restoreOfficial()
    expect(draft.isOfficial).toBe(true)
  })

  it('proposes Citrus’s decoding with its words, and leaves what the user has chosen', () => {
    prompts.list = [ANESBENCH_PROMPTS, CITRUS_PROMPTS]
    draft.choosePrompts(CITRUS_PROMPTS.id)
    expect(draft.request?.decoding).toMatchObject({ temperature: 0.7, maxTokens: 4096 })
    draft.choosePrompts(ANESBENCH_PROMPTS.id)
    expect(draft.isOfficial).toBe(true)
    draft.temperature = 1
    draft.choosePrompts(CITRUS_PROMPTS.id)
    expect(draft.request?.decoding).toMatchObject({ temperature: 1, maxTokens: 4096 })
  })

  it('prefers the chosen model, then the loaded, then the last, then the built-in one', () => {
    const bigChoice = { modelId: big.id, variantId: bigVariant.id }
    expect(draft.model?.model).toBe(builtIn)
    models.lastChoice = bigChoice
    expect(draft.model?.variant).toBe(bigVariant)
    expect(draft.downloadHosts.length).toBeGreaterThan(0)
    models.loaded = { model: big, variant: bigVariant, description: {} as never }
    expect(draft.downloadHosts).toEqual([])
    draft.chooseModel({ modelId: builtIn.id, variantId: variantsOf(builtIn)[0]!.id })
    expect(draft.model?.model).toBe(builtIn)
  })

  it('falls back to the newest dataset when the chosen one is deleted', () => {
    const own = dataset('own', { ...COUNTS, zh: { 1: 0, 2: 0, 3: 0, unlabelled: 0 } })
    datasets.list.push(own)
    draft.chooseDataset(own.id)
    expect(draft.dataset?.id).toBe('own')
    expect(draft.selection.available).toBe(4343)
    draft.chooseDataset(null)
    expect(draft.dataset?.id).toBe('anesbench')
  })

  it('asks step by step, unrotated, without examples and whole, until told otherwise', () => {
    expect(draft.request).toMatchObject({
      protocol: 'generate',
      prompts: ANESBENCH_PROMPTS,
      rotationShare: 0,
      shots: null,
      budget: NO_BUDGET,
      split: null,
      selection: { design: 'proportional' },
      origin: { kind: 'own' },
    })
  })

  it('takes the protocol, and official decoding where nothing is decoded', () => {
    draft.method.protocol = 'letters'
    draft.temperature = 99
    expect(draft.invalid.temperature).toBe(false)
    expect(draft.request).toMatchObject({ protocol: 'letters', decoding: OFFICIAL_DECODING })
    draft.method.protocol = 'both'
    expect(draft.request).toBeNull()
  })

  it('rotates a share of the questions', () => {
    draft.method.rotationPercent = 15
    expect(draft.request?.rotationShare).toBeCloseTo(0.15, 12)
    expect(draft.rotatedItems).toBe(30)
    for (const percent of [-1, 101, null]) {
      draft.method.rotationPercent = percent
      expect(draft.request).toBeNull()
    }
  })

  it('names the pool of worked examples, and refuses one that has too few in a language asked', () => {
    const small = dataset('small', {
      en: { 1: 5, 2: 0, 3: 0, unlabelled: 0 },
      zh: { 1: 1, 2: 1, 3: 0, unlabelled: 0 },
    })
    small.itemsSha256 = 'other'
    datasets.list.push(small)
    draft.method.choosePool(small.id)
    draft.method.shotCount = 2
    expect(draft.request?.shots).toEqual({
      pool: { id: 'small', name: 'small', itemsSha256: 'other' },
      count: 2,
    })
    draft.method.shotCount = 3
    expect(draft.poolLacks).toEqual(['zh'])
    expect(draft.request).toBeNull()
    draft.selection.toggleLanguage('zh')
    expect(draft.request?.shots?.count).toBe(3)
    for (const count of [0, 9, 1.5, null]) {
      draft.method.shotCount = count
      expect(draft.request).toBeNull()
    }
    draft.method.choosePool(null)
    expect(draft.request?.shots).toBeNull()
  })

  it('leaves the asked questions out of a pool that is the dataset itself', () => {
    datasets.list[0]!.itemsSha256 = 'same'
    draft.method.choosePool(datasets.list[0]!.id)
    expect(draft.poolLacks).toEqual([])
    draft.selection.sampled = false
    expect(draft.poolLacks).toEqual(['en', 'zh'])
    expect(draft.request).toBeNull()
  })

  it('deals the questions out over the parts', () => {
    draft.method.isSplit = true
    draft.method.parts = 3
    const shares = [1, 2, 3].map((part) => {
      draft.method.part = part
      return draft.ownItems
    })
    expect(shares).toEqual([67, 67, 66])
    expect(draft.request?.split).toEqual({ part: 3, of: 3 })
    draft.method.part = 4
    expect(draft.request).toBeNull()
    draft.method.parts = 1
    expect(draft.request).toBeNull()
  })

  it('leaves nothing to start for a part without questions', () => {
    draft.selection.sampleSize = 2
    draft.method.isSplit = true
    draft.method.parts = 3
    draft.method.part = 3
    expect(draft.ownItems).toBe(0)
    expect(draft.request).toBeNull()
  })

  it('allows a stop at a precision only where the order is a simple random sample', () => {
    draft.budget.halfWidthPoints = 3
    draft.budget.minutes = 90
    expect(draft.request?.budget).toEqual({ minutes: 90, halfWidth: null })
    draft.selection.design = 'simple'
    expect(draft.request).toMatchObject({
      budget: { minutes: 90, halfWidth: 0.03 },
      selection: { design: 'simple' },
    })
    draft.selection.design = 'equal'
    draft.selection.sampled = false
    expect(draft.request).toMatchObject({ budget: { halfWidth: 0.03 }, selection: { design: 'simple' } })
    draft.budget.minutes = 0
    expect(draft.request).toBeNull()
  })

  it('goes back to the built-in prompts when the chosen ones were deleted', () => {
    const own: PromptSet = { ...ANESBENCH_PROMPTS, id: 'own' as PromptSetId, name: 'Own' }
    prompts.list.push(own)
    draft.method.choosePrompts(own.id)
    expect(draft.request?.prompts).toBe(own)
    prompts.list.pop()
    expect(draft.request?.prompts).toBe(ANESBENCH_PROMPTS)
  })
})
