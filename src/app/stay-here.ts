/** What keeps the page on its own site where a content security policy has no say: peers, and the way out. */

/** Connections between browsers pass every policy but `Connection-Allowlist`, which not all browsers know. */
const PEERS = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'mozRTCPeerConnection']

/** To be called first: what other code got hold of before would stay with it. */
export function removePeers(): void {
  for (const name of PEERS) Reflect.deleteProperty(globalThis, name)
}

/** Missing in older browsers. */
type MaybeNavigation = { navigation?: Navigation }

/** While `isLocked` says so, neither a link nor a script leads to another site; `onStopped` is told its address. */
export function stayHere(isLocked: () => boolean, onStopped: (url: string) => void): void {
  const stop = (event: Event, url: string) => {
    if (!isLocked() || !leadsAway(url) || !event.cancelable) return
    event.preventDefault()
    onStopped(url)
  }
  // Links that open a window do not navigate this one.
  for (const type of ['click', 'auxclick'])
    addEventListener(
      type,
      (event) => {
        const link = event.target instanceof Element ? event.target.closest('a') : null
        if (link) stop(event, link.href)
      },
      { capture: true },
    )
  const { navigation } = window as MaybeNavigation
  navigation?.addEventListener('navigate', (event) => stop(event, event.destination.url))
}

function leadsAway(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, origin } = new URL(url)
  return /^https?:$/.test(protocol) && origin !== location.origin
}
