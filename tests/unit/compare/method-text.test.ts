import { expect, test } from 'vitest'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import type { DatasetId } from '#core/dataset/item'
import type { PromptSetId } from '#core/prompt/prompt-set'
import { Locale } from '#i18n/locale.svelte'
import { methodText } from '#ui/results/method-text.ts'
import { makePlan } from '../run/fixtures'

const plan = makePlan(4)
const pool = { id: 'p' as DatasetId, name: 'pool', itemsSha256: 'pool' }

test('tells runs of one model and dataset apart', () => {
  const locale = new Locale('en')
  expect(methodText(plan, locale)).toBe('Step by step (official)')
  expect(
    methodText(
      {
        ...plan,
        protocol: 'letters',
        prompts: { ...ANESBENCH_PROMPTS, id: 'own' as PromptSetId, name: 'Short', version: '2' },
        shots: { pool, count: 3 },
        rotationShare: 0.3,
      },
      locale,
    ),
  ).toBe('Single forward pass · Short (version 2) · worked examples: 3 · 30% rotated')
})
