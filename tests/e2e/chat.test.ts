import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, visit, type Site } from './site'

/** A reply takes a fraction of a second; a busy machine may take this long. */
const REPLY_LIMIT_MS = 20_000

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test('a conversation with the built-in model survives a reload', async () => {
  const { context, page, faults } = await visit(site)
  await page.getByRole('link', { name: 'Chat', exact: true }).click()
  await page.getByRole('button', { name: 'Load the built-in model' }).click()
  await page.getByRole('button', { name: 'Tell me about zorane.' }).click()
  await page
    .getByText(/tokens\/s/)
    .first()
    .waitFor()

  const question = page.getByRole('textbox', { name: 'Your question' })
  await question.fill('Which organ clears zorane?')
  await question.press('Enter')
  await expect.poll(() => page.getByText(/tokens\/s/).count(), { timeout: REPLY_LIMIT_MS }).toBe(2)
  const thread = await page.locator('main').innerText()

  await page.reload()
  await page.getByText('Which organ clears zorane?').first().waitFor()
  await expect.poll(() => page.getByText(/tokens\/s/).count(), { timeout: REPLY_LIMIT_MS }).toBe(2)
  expect(thread).toContain('zorane')
  expect(faults).toEqual([])
  await context.close()
})
