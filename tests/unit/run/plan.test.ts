import { expect, it } from 'vitest'
import type { DatasetId } from '#core/dataset/item'
import { makeRunPlan, PLAIN_REQUEST } from '#core/run/plan'
import type { RunId } from '#core/run/types'

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
      ...PLAIN_REQUEST,
    },
    { strata: [], itemIndexes: [0], rotations: [0], shots: null },
    { id: 'r' as RunId, at: 1, appVersion: '0', promptSha256: 'c', askedSha256: 'd' },
  )
  expect(plan.dataset).toEqual({ id: 'd', name: 'AnesBench', source: 'hub', sha256: 'a', itemsSha256: 'b' })
})
