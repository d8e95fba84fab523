/** Ways out that only a page has: elements, styles, links, forms and frames. */
import type { CanaryId } from '#core/privacy/canary'
import { POLICY_TIMING } from '#core/privacy/policy'
import type { Observation } from '#core/privacy/self-test'
import { askStun, failed, ifPresent, PROBES, type Attempt, type Probe } from '#data/privacy/probes'

const REACHED: Observation = { kind: 'reached' }
const ACCEPTED: Observation = { kind: 'accepted' }
const ABSENT: Observation = { kind: 'absent' }
const UNTESTABLE: Observation = { kind: 'untestable' }

/** Where nothing tells that a resource came, the browser's list of resources is looked at so often. */
const TIMING_CHECK_MS = 50
const TIMING_CHECKS = 20
/** The first Chromium that knows the header. */
const ALLOWLIST_SINCE = 152
/** The Navigation API asks at once; a guard may answer a task later. */
const NAVIGATION_WAIT_MS = 100

/** Puts an element into the page for the time of the trial; whoever looks at the page does not see it. */
function place<Placed extends HTMLElement>(element: Placed, { signal }: Attempt): Placed {
  element.style.cssText =
    'position: absolute; inline-size: 1px; block-size: 1px; opacity: 0; inset: 0 auto auto 0'
  element.setAttribute('aria-hidden', 'true')
  element.tabIndex = -1
  signal.addEventListener('abort', () => element.remove())
  document.body.append(element)
  return element
}

/** What the element says of its address once it is in the page. */
function loading<Loading extends HTMLElement>(
  make: (url: string) => Loading,
  onLoad: Observation = REACHED,
): Probe {
  return (attempt) =>
    new Promise((resolve) => {
      const element = make(attempt.url)
      element.addEventListener('load', () => resolve(onLoad))
      element.addEventListener('error', () => resolve(failed('error')))
      place(element, attempt)
    })
}

function link(rel: string, more: Partial<HTMLLinkElement> = {}): Probe {
  return loading((href) => Object.assign(document.createElement('link'), { rel, href, ...more }))
}

/** For what has no events of its own. Hosts that do not allow to be timed leave it open whether they answered. */
async function timed({ url, signal }: Attempt): Promise<Observation> {
  for (let checks = 0; checks < TIMING_CHECKS && !signal.aborted; checks += 1) {
    await new Promise((resolve) => setTimeout(resolve, TIMING_CHECK_MS))
    const [entry] = performance.getEntriesByName(url) as PerformanceResourceTiming[]
    if (entry && (entry.responseStatus > 0 || entry.transferSize > 0)) return REACHED
  }
  return { kind: 'silent' }
}

const beacon: Probe = ({ url }) =>
  Promise.resolve(navigator.sendBeacon(url, 'canary') ? ACCEPTED : failed('not sent'))

/** Sent when the page is closed, or in an hour; taken back at the trial's end. */
const fetchLater: Probe = ({ url, signal }) => {
  const { fetchLater } = globalThis as unknown as {
    fetchLater(this: void, url: string, init: RequestInit & { activateAfter: number }): unknown
  }
  fetchLater(url, { signal, activateAfter: 3_600_000 })
  return Promise.resolve(ACCEPTED)
}

const cssImage: Probe = (attempt) => {
  const element = place(document.createElement('div'), attempt)
  element.style.backgroundImage = `url("${attempt.url}")`
  return timed(attempt)
}

const font: Probe = async (attempt) => {
  const loaded = await new FontFace('canary', `url("${attempt.url}")`).load().then(() => REACHED, failed)
  const came = await (loaded.kind === 'reached' ? loaded : timed(attempt))
  return came.kind === 'reached' ? came : loaded
}

/** Into the app's own style sheet, where no rule against inline styles stops it. */
const cssImport: Probe = (attempt) => {
  const own = [...document.styleSheets].find(({ href }) => href?.startsWith(location.origin))
  const rule = `@import url("${attempt.url}")`
  if (own) {
    own.insertRule(rule, 0)
    attempt.signal.addEventListener('abort', () => own.deleteRule(0))
  } else place(Object.assign(document.createElement('style'), { textContent: rule }), attempt)
  return timed(attempt)
}

/** Runs, if it runs, where it can be seen to. */
const inlineScript: Probe = (attempt) => {
  const script = document.createElement('script')
  script.textContent = `document.currentScript.dataset.ran = ''
    fetch(${JSON.stringify(attempt.url)}, { mode: 'no-cors' }).catch(() => undefined)`
  place(script, attempt)
  return Promise.resolve('ran' in script.dataset ? ACCEPTED : failed('not run'))
}

const prerender: Probe = (attempt) => {
  if (!HTMLScriptElement.supports?.('speculationrules')) return Promise.resolve(ABSENT)
  const rules = { prerender: [{ urls: [attempt.url] }] }
  const script = Object.assign(document.createElement('script'), { type: 'speculationrules' })
  script.textContent = JSON.stringify(rules)
  place(script, attempt)
  return Promise.resolve(ACCEPTED)
}

const media: Probe = (attempt) =>
  new Promise((resolve) => {
    const video = Object.assign(document.createElement('video'), { muted: true, preload: 'auto' })
    video.onloadedmetadata = () => resolve(REACHED)
    video.onerror = () =>
      void timed(attempt).then((came) => resolve(came.kind === 'reached' ? came : failed('error')))
    video.src = attempt.url
    place(video, attempt)
  })

/** Frames say "loaded" of the browser's error page, too: nothing was said against it, which is bad enough. */
const frame = loading((src) => Object.assign(document.createElement('iframe'), { src }), ACCEPTED)
const object = loading((data) => Object.assign(document.createElement('object'), { data }), ACCEPTED)
const embed = loading((src) => Object.assign(document.createElement('embed'), { src }), ACCEPTED)

function emptyFrame(attempt: Attempt): HTMLIFrameElement {
  return place(
    Object.assign(document.createElement('iframe'), { name: `canary-${performance.now()}` }),
    attempt,
  )
}

const form: Probe = (attempt) =>
  new Promise((resolve) => {
    const target = emptyFrame(attempt)
    target.addEventListener('load', () => resolve(ACCEPTED))
    const sent = document.createElement('form')
    Object.assign(sent, { method: 'post', action: attempt.url, target: target.name })
    place(sent, attempt).submit()
  })

const ping: Probe = (attempt) => {
  const target = emptyFrame(attempt)
  const anchor = document.createElement('a')
  Object.assign(anchor, { href: 'about:blank', target: target.name, ping: attempt.url })
  place(anchor, attempt).click()
  return timed(attempt)
}

/** Browsers refuse a worklet's script without a report; a log of the host's is the only proof. */
const worklet: Probe = ({ url }) =>
  new OfflineAudioContext(1, 1, 44_100).audioWorklet.addModule(url).then(
    () => REACHED,
    () => UNTESTABLE,
  )

/**
 * Browsers that know `Connection-Allowlist` end a page that makes a connection against it: a self-test would not live
 * to tell. Nothing else of the headers can be read in a page than that the app's were sent.
 */
function endsPages(): boolean {
  const { userAgentData } = navigator as { userAgentData?: { brands: { brand: string; version: string }[] } }
  const chromium = userAgentData?.brands.find(({ brand }) => brand === 'Chromium')
  const [loaded] = performance.getEntriesByType('navigation') as Partial<PerformanceNavigationTiming>[]
  const isUnderPolicy = loaded?.serverTiming?.some(({ name }) => name === POLICY_TIMING) ?? false
  return isUnderPolicy && Number(chromium?.version ?? 0) >= ALLOWLIST_SINCE
}

/** A frame of the app's own origin has a fresh set of everything that was taken from the page. */
const webrtcFrame: Probe = (attempt) => {
  const { contentWindow } = emptyFrame(attempt)
  if (!contentWindow || !('RTCPeerConnection' in contentWindow)) return Promise.resolve(ABSENT)
  return endsPages() ? Promise.resolve(UNTESTABLE) : askStun(contentWindow, attempt)
}

/** Leaves for the address, and stops itself at the last moment if nobody else does. */
const leaving: Probe = async ({ url, signal }) => {
  const { navigation } = globalThis as { navigation?: EventTarget }
  if (!navigation) return UNTESTABLE
  let observation: Observation = { kind: 'silent' }
  navigation.addEventListener(
    'navigate',
    (event) => {
      const { destination } = event as Event & { destination: { url: string } }
      if (destination.url !== url) return
      observation = event.defaultPrevented ? { kind: 'stopped' } : ACCEPTED
      event.preventDefault()
    },
    { signal },
  )
  location.assign(url)
  await new Promise((resolve) => setTimeout(resolve, NAVIGATION_WAIT_MS))
  return observation
}

const untestable: Probe = () => Promise.resolve(UNTESTABLE)

const PAGE_PROBES: Partial<Record<CanaryId, Probe>> = {
  ...PROBES,
  beacon,
  'fetch-later': ifPresent('fetchLater', fetchLater),
  image: loading((src) => Object.assign(document.createElement('img'), { src })),
  'css-image': cssImage,
  font,
  stylesheet: link('stylesheet'),
  'css-import': cssImport,
  script: loading((src) => Object.assign(document.createElement('script'), { src })),
  'inline-script': inlineScript,
  'module-preload': link('modulepreload'),
  preload: link('preload', { as: 'image' }),
  prefetch: link('prefetch'),
  prerender,
  media,
  frame,
  object,
  embed,
  form,
  ping,
  worklet: ifPresent('OfflineAudioContext', worklet),
  'webrtc-frame': webrtcFrame,
  navigation: leaving,
  'window-open': untestable,
  preconnect: untestable,
}

export function pageProbe(id: CanaryId): Probe | undefined {
  return PAGE_PROBES[id]
}
