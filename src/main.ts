/** Composition root: makes adapters and stores and mounts the interface. The only file that knows all. */
import { mount } from 'svelte'
import { Notices } from '#app/notices.svelte'
import { Settings } from '#app/settings.svelte'
import type { Stores } from '#app/stores'
import { Preferences } from '#data/db/preferences'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { Locale, preferredLanguage } from '#i18n/locale.svelte'
import App from '#ui/App.svelte'
import StorageProblem from '#ui/StorageProblem.svelte'
import './ui/theme.css'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app element')

const locale = new Locale(preferredLanguage(navigator.languages))
const notices = new Notices()

async function createStores(database: SomnusDatabase): Promise<Stores> {
  const preferences = new Preferences(database)
  const settings = new Settings(preferences, locale)
  await settings.restore()
  return { locale, settings, notices }
}

try {
  const database = await openDatabase({
    onBlocked: () => {
      mount(StorageProblem, { target, props: { locale, problem: 'blocked' } })
    },
    onOutdated: () => {
      notices.show({
        text: locale.t.common.storageOutdated,
        kind: 'bad',
        action: { label: locale.t.common.reload, run: () => location.reload() },
      })
    },
  })
  const stores = await createStores(database)
  target.replaceChildren()
  mount(App, { target, props: { stores } })
} catch (error) {
  console.error(error)
  mount(StorageProblem, { target, props: { locale, problem: 'refused' } })
}
