import { expect, it } from 'vitest'
import type { DatasetId } from '#core/dataset/item'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { makeRunPlan } from '#core/run/plan'
import { NO_BUDGET, OFFICIAL_DECODING, type RunId } from '#core/run/types'
import { makeItem } from './fixtures'

it('keeps what names the dataset and its kind of source, not the source itself', () => {
  const plan = makeRunPlan(
    {
      model: { recordId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' },
      dataset: {
        id: 'd' as DatasetId,
        name: 'AnesBench',
        source: { kind: 'hub', url: 'https://example.org/data' },
        sha256: 'a',
        itemsSha256: 'b',
      },
      selection: { languages: ['en'], levels: [1], sampleSize: null, seed: 0, design: 'proportional' },
      protocol: 'generate',
      prompts: ANESBENCH_PROMPTS,
      budget: NO_BUDGET,
      decoding: OFFICIAL_DECODING,
    },
    [makeItem(0)],
    { id: 'r' as RunId, at: 1, appVersion: '0', promptSha256: 'c' },
  )
  expect(plan.dataset).toEqual({ id: 'd', name: 'AnesBench', source: 'hub', sha256: 'a', itemsSha256: 'b' })
})
