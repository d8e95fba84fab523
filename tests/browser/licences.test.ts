/** The licences card: what it shows of the list that the build writes, and that it is usable by everyone. */
import axe from 'axe-core'
import { afterEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import type { Stores } from '#app/stores'
import { licences as en } from '#i18n/en/licences'
import { Locale, type Language } from '#i18n/locale.svelte'
import { licences as zh } from '#i18n/zh/licences'
import '#ui/theme.css'
import LicencesCard from '#ui/settings/LicencesCard.svelte'
import StoresHarness from './StoresHarness.svelte'

const texts = { en, zh }

const LIST = {
  works: [
    { name: 'somnus', version: '0.1.0', licence: 'Apache-2.0', within: null, text: 0 },
    { name: 'ggml', version: null, licence: 'MIT', within: '@wllama/wllama', text: 1 },
  ],
  texts: ['Apache License', 'Permission is hereby granted'],
}

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

async function open(language: Language, answer: Response) {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer)
  const stores = { locale: new Locale(language), notices: { list: [] } } as unknown as Stores
  const screen = await render(StoresHarness, { stores, components: [LicencesCard] })
  expect(fetch).not.toHaveBeenCalled()
  const summary = screen.getByText(texts[language].show)
  ;(summary.element() as HTMLElement).focus()
  await userEvent.keyboard('{Enter}')
  return screen
}

test.each(['en', 'zh'] as const)(
  'it is read when it is opened, by keyboard, and has every text: %s',
  async (language) => {
    const screen = await open(language, new Response(JSON.stringify(LIST)))
    await expect.element(screen.getByText(texts[language].count(2))).toBeVisible()
    await expect.element(screen.getByText(texts[language].within('@wllama/wllama'))).toBeVisible()
    await userEvent.keyboard('{Tab}{Tab}{Enter}')
    await expect.element(screen.getByText('Permission is hereby granted')).toBeVisible()
    const { violations } = await axe.run(screen.container, {
      rules: { 'page-has-heading-one': { enabled: false } },
    })
    expect(violations.map(({ id }) => id)).toEqual([])
  },
)

test('a list that cannot be read is said to be missing', async () => {
  const screen = await open('en', new Response('<!doctype html>', { status: 404 }))
  await expect.element(screen.getByText(en.missing)).toBeVisible()
})
