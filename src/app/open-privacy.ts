/** Makes the store of the two phases, and what obeys it on the page. */
import { isCanary } from '#core/privacy/canary'
import { announceChange, hearChanges } from '#data/privacy/announce'
import { PrivacyRecord } from '#data/privacy/record'
import { loadMessages, type Locale } from '#i18n/locale.svelte'
import type { Notices } from './notices.svelte'
import { BrowserPolicyKeeper } from './policy-keeper'
import { Privacy } from './privacy.svelte'
import { stayHere } from './stay-here'

export async function openPrivacy(locale: Locale, notices: Notices): Promise<Privacy> {
  const privacy = new Privacy({
    record: new PrivacyRecord(),
    keeper: new BrowserPolicyKeeper(navigator.serviceWorker),
    announce: announceChange,
    hear: hearChanges,
    ownOrigin: location.origin,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  })
  await privacy.restore()
  const tell = async (url: string) => {
    // The self-test says itself what became of its attempt.
    if (isCanary(url)) return
    // The start page has only its own texts.
    await loadMessages(locale.language)
    notices.show({ kind: 'info', text: locale.t.privacy.linkStopped(url) })
  }
  stayHere(
    () => privacy.locked,
    (url) => void tell(url),
  )
  return privacy
}
