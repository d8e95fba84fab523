import type { Page } from 'playwright'

/** Adds a host by hand, as someone does who knows where another one redirects to. */
export async function chooseHost(page: Page, origin: string): Promise<void> {
  await page.getByRole('banner').getByTitle('Privacy and data').click()
  await page.getByText('Add a host').click()
  await page.getByLabel('Address of the host').fill(origin)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText(`${origin} may be reached.`).waitFor()
}
