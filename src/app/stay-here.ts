/** What keeps the page on its own site where a content security policy has no say: peers, and the way out. */

/** Connections between browsers pass every policy but `Connection-Allowlist`, which not all browsers know. */
const PEERS = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'mozRTCPeerConnection']

/** To be called first: what other code got hold of before would stay with it. */
export function removePeers(): void {
  for (const name of PEERS) Reflect.deleteProperty(globalThis, name)
}

/** Missing in older browsers. */
type MaybeNavigation = { navigation?: Navigation }

/** While `isLocked` says so, neither a link nor a script leads away; `onStopped` is told the address. */
export function stayHere(isLocked: () => boolean, onStopped: (url: string) => void): void {
  const isStopped = (url: string) => {
    if (!isLocked() || !leadsAway(url, location.href)) return false
    onStopped(url)
    return true
  }
  // Links that open a window do not navigate this one.
  for (const type of ['click', 'auxclick'])
    addEventListener(
      type,
      (event) => {
        const address = event.composedPath().map(linkAddress).find(Boolean)
        if (address && event.cancelable && isStopped(address)) event.preventDefault()
      },
      { capture: true },
    )
  const openWindow = window.open.bind(window)
  window.open = (url, ...more) => (url && isStopped(String(url)) ? null : openWindow(url, ...more))
  const { navigation } = window as MaybeNavigation
  navigation?.addEventListener('navigate', (event) => {
    if (event.cancelable && isStopped(event.destination.url)) event.preventDefault()
  })
}

/** Links of HTML, of drawings and of formulas. */
function linkAddress(target: EventTarget): string | null {
  if (!(target instanceof Element)) return null
  return target.getAttribute('href') ?? target.getAttributeNS('http://www.w3.org/1999/xlink', 'href')
}

/** Whether an address names another site or another program: those can fetch what it says. */
export function leadsAway(url: string, page: string): boolean {
  if (!URL.canParse(url, page)) return false
  const { protocol, origin } = new URL(url, page)
  return !['about:', 'blob:', 'data:', 'javascript:'].includes(protocol) && origin !== new URL(page).origin
}
