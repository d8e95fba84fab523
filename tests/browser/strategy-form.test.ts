import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import DecodingFields from '#ui/benchmark/DecodingFields.svelte'
import StrategyFields from '#ui/benchmark/StrategyFields.svelte'
import '../../src/ui/theme.css'
import StoresHarness from './StoresHarness.svelte'
import { makeFormStores } from './protocol-fixture'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

async function openForm(language: 'en' | 'zh' = 'en') {
  const made = await makeFormStores(language)
  const given = { draft: made.draft }
  await render(StoresHarness, { stores: made.stores, components: [StrategyFields, DecodingFields], given })
  return made
}

describe('the choice of a strategy', () => {
  test('is one reply until several are asked for, and then proposes how to draw them', async () => {
    const { draft } = await openForm()
    expect(draft.request).not.toHaveProperty('strategy')
    await page.getByText('Replies per question', { exact: false }).first().click()
    await page.getByRole('radio', { name: /^Vote-sum/ }).click()
    expect(draft.request).toMatchObject({
      strategy: { kind: 'vote-sum', samples: 8, stopsEarly: true, aggregate: 'min' },
      decoding: { temperature: 1, topP: 0.95 },
    })
    await expect.element(page.getByText(/not the MedS3 PRM/)).toBeVisible()
    await page.getByLabelText('Replies per question (N)').fill('16')
    await page.getByLabelText('What a reply is worth').selectOptions('Its last step')
    await page.getByLabelText('Stop drawing').click()
    expect(draft.request?.strategy).toEqual({
      kind: 'vote-sum',
      samples: 16,
      stopsEarly: false,
      aggregate: 'last',
    })
    await page.getByRole('radio', { name: /^Self-consistency/ }).click()
    expect(draft.request?.strategy).toEqual({ kind: 'self-consistency', samples: 16, stopsEarly: false })
    await expect.element(page.getByText(/not the MedS3 PRM/)).not.toBeInTheDocument()
    await page.getByRole('radio', { name: /^One reply/ }).click()
    expect(draft.isOfficial).toBe(true)
  })

  test('keeps a temperature that the user chose, and says where none can be had', async () => {
    const { draft } = await openForm()
    draft.temperature = 0.6
    draft.chooseStrategy('self-consistency')
    expect(draft.temperature).toBe(0.6)
    draft.temperature = 0
    // Told beside the samples and beside the temperature.
    await expect
      .poll(() => page.getByText(/all replies to a question are the same/).elements().length)
      .toBe(2)
    expect(draft.request).toBeNull()
    await page.getByRole('button', { name: 'Take temperature 1, top-p 0.95' }).click()
    expect(draft.request?.decoding).toMatchObject({ temperature: 1, topP: 0.95 })
    draft.strategy.samples = 65
    await expect.element(page.getByText('A whole number from 2 to 64.')).toBeVisible()
    expect(draft.request).toBeNull()
  })

  test('draws one reply where letters are scored as well, and says so', async () => {
    const { draft } = await openForm()
    draft.chooseStrategy('best-of-n')
    draft.method.protocol = 'both'
    await page.getByText('Replies per question', { exact: false }).first().click()
    await expect.element(page.getByText(/only with the protocol “Step by step \(official\)”/)).toBeVisible()
    expect(draft.request).not.toHaveProperty('strategy')
    draft.strategy.samples = null
    expect(draft.request?.protocol).toBe('both')
  })
})

test.each([
  ['en', 1280],
  ['zh', 360],
] as const)('axe finds nothing and nothing overflows in %s at %d px', async (language, width) => {
  await page.viewport(width, 800)
  const { draft } = await openForm(language)
  draft.chooseStrategy('vote-sum')
  draft.temperature = 0
  draft.strategy.samples = 1
  await expect.poll(() => document.querySelectorAll('details[open]').length).toBe(2)
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  })
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})
