import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import PromptField from '#ui/benchmark/PromptField.svelte'
import PromptReceived from '#ui/benchmark/PromptReceived.svelte'
import ProtocolExtras from '#ui/benchmark/ProtocolExtras.svelte'
import ProtocolFields from '#ui/benchmark/ProtocolFields.svelte'
import ProtocolSplit from '#ui/benchmark/ProtocolSplit.svelte'
import SelectionFields from '#ui/benchmark/SelectionFields.svelte'
import '../../src/ui/theme.css'
import StoresHarness from './StoresHarness.svelte'
import { makeFormStores } from './protocol-fixture'

const FORM = [ProtocolFields, PromptField, SelectionFields, ProtocolExtras, ProtocolSplit, PromptReceived]

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

async function openForm(language: 'en' | 'zh' = 'en') {
  const made = await makeFormStores(language)
  const given = { draft: made.draft, list: made.prompts.list }
  await render(StoresHarness, { stores: made.stores, components: FORM, given })
  return made
}

const sent = () => [...document.querySelectorAll('details dd')].map((message) => message.textContent)

describe('the set-up form', () => {
  test('chooses the protocol by keyboard', async () => {
    const { draft } = await openForm()
    const first = page.getByRole('radio', { name: /^Step by step/ })
    ;(first.element() as HTMLElement).focus()
    await userEvent.keyboard('{ArrowDown}')
    expect(draft.method.protocol).toBe('letters')
    await userEvent.keyboard('{ArrowDown}')
    expect(draft.request?.protocol).toBe('both')
  })

  test('rotates a share, and says what no run can have', async () => {
    const { draft } = await openForm()
    await page.getByText('Options rotated, worked examples').click()
    const share = page.getByLabelText(/asked again with rotated options/)
    await share.fill('20')
    expect(draft.request?.rotationShare).toBeCloseTo(0.2)
    await expect.element(page.getByText('20% rotated')).toBeVisible()
    await share.fill('120')
    await expect.element(page.getByText('A number from 0 to 100.')).toBeVisible()
    expect(draft.request).toBeNull()
  })

  test('takes examples from a named pool, and refuses one that is too small', async () => {
    const { draft } = await openForm()
    await page.getByText('Options rotated, worked examples').click()
    await page.getByLabelText('Worked examples from').selectOptions('pool (12 questions)')
    expect(draft.request?.shots).toMatchObject({ pool: { name: 'pool' }, count: 3 })
    await page.getByLabelText('Examples per question').fill('5')
    await expect.element(page.getByText(/too few examples are left in: Chinese/)).toBeVisible()
    expect(draft.request).toBeNull()
  })

  test('opens what keeps the run from starting', async () => {
    const { draft } = await openForm()
    const lacking = page.getByText(/too few examples are left in: Chinese/)
    draft.method.choosePool('pool' as never)
    draft.method.shotCount = 5
    await expect.element(lacking).toBeVisible()
  })

  test('splits over machines', async () => {
    const { draft } = await openForm()
    await page.getByText('Several machines').click()
    await page.getByLabelText('This machine asks only a part').click()
    await page.getByLabelText('of', { exact: true }).fill('4')
    await page.getByLabelText('Part', { exact: true }).fill('3')
    await expect.element(page.getByText('This machine asks 15 of the 60 questions.')).toBeVisible()
    expect(draft.request?.split).toEqual({ part: 3, of: 4 })
  })

  test('draws the sample by the design chosen', async () => {
    const { draft } = await openForm()
    draft.selection.sampleSize = 30
    await page.getByLabelText('How the sample is drawn').selectOptions('At random over all')
    expect(draft.request?.selection).toMatchObject({ design: 'simple', sampleSize: 30 })
  })
})

describe('what the model receives', () => {
  test('is the first question asked, with its examples, for each prompt of the protocol', async () => {
    const { draft, itemsOf } = await openForm()
    draft.method.protocol = 'both'
    draft.method.choosePool(draft.dataset?.id === 'asked' ? ('pool' as never) : null)
    draft.method.shotCount = 2
    await page.getByText('What the model receives').click()
    await expect.poll(() => sent().length).toBe(2 * (1 + 2 * 2 + 1))
    const question = sent()[5] ?? ''
    const asked = itemsOf('asked' as never).find(({ stem }) => question.includes(stem))
    expect(asked?.options.every((option) => question.includes(option))).toBe(true)
    expect(sent()[1]).toContain('of pool')
    expect(sent()[2]).toMatch(/^(The answer is [A-D]\.|答案是[A-D]。)/)
    expect(sent()[8]).toMatch(/^[A-D]$/)
    await expect.element(page.getByText('For the single forward pass', { exact: true })).toBeVisible()
    await expect.element(page.getByText(/worked example 2/).first()).toBeVisible()
  })

  test('follows the form', async () => {
    const { draft } = await openForm()
    await page.getByText('What the model receives').click()
    await expect.poll(() => sent().length).toBe(2)
    const first = sent()[1]
    draft.selection.seed = 5
    await expect.poll(() => sent()[1] ?? first).not.toBe(first)
    draft.selection.seed = null
    await expect.element(page.getByText('Nothing can be shown until the form is complete.')).toBeVisible()
  })
})

test.each([
  ['en', 1280],
  ['zh', 360],
] as const)('axe finds nothing and nothing overflows in %s at %d px', async (language, width) => {
  await page.viewport(width, 800)
  await openForm(language)
  for (const summary of document.querySelectorAll('summary')) summary.click()
  document.querySelectorAll<HTMLInputElement>('details input[type=checkbox]')[0]?.click()
  await expect.poll(() => sent().length).toBeGreaterThan(1)
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  })
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})
