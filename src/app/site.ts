/** Makes the store of the site's own copy; fetched once the first screen is there. */
import { loadMessages, type Locale } from '#i18n/locale.svelte'
import type { Notices } from './notices.svelte'
import { SiteUpdate, type SiteUpdatePorts } from './site-update.svelte'
import type { TabWork } from './tab-work.svelte'

/** An update that has not begun after so long waits for work in some tab, and the user is told. */
const AT_ONCE_MS = 500

interface Surroundings {
  locale: Locale
  notices: Notices
  work: TabWork
}

export async function openSite({ locale, notices, work }: Surroundings): Promise<SiteUpdate> {
  const site = new SiteUpdate({
    container: serviceWorkers(),
    locks: navigator.locks,
    work,
    offer: () => void offer(),
    reload: () => location.reload(),
  })
  const offer = async () => {
    // The start page has only its own texts.
    await loadMessages(locale.language)
    const { updateReady, update } = locale.t.offline
    notices.show({ kind: 'info', text: updateReady, action: { label: update, run: take } })
  }
  const take = async () => {
    const waits = setTimeout(
      () => notices.show({ kind: 'info', text: locale.t.offline.waitsForWork }),
      AT_ONCE_MS,
    )
    await site.take()
    clearTimeout(waits)
  }
  await site.start()
  return site
}

function serviceWorkers(): SiteUpdatePorts['container'] {
  if (!import.meta.env.PROD) return 'development'
  if (!isSecureContext) return 'insecure'
  return navigator.serviceWorker ?? 'unsupported'
}
