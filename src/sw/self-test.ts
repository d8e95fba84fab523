/** The service worker's part of the self-test: it tries to get out itself. */
import { canaryUrl, RESERVED_TARGET } from '#core/privacy/canary'
import type { Trial } from '#core/privacy/self-test'
import { OutsideSite } from './own-site-only'
import { worker } from './scope'

/** What a page may ask for. It names no address: a page could send texts away through one. */
export interface SelfTestRequest {
  kind: 'self-test'
}

worker.addEventListener('message', (event) => {
  const { kind } = event.data as Partial<SelfTestRequest>
  if (event.origin !== worker.location.origin || kind !== 'self-test') return
  event.waitUntil(tryFetch().then((trial) => event.ports[0]?.postMessage(trial)))
})

async function tryFetch(): Promise<Trial> {
  const canary = { realm: 'service-worker', id: 'fetch' } as const
  const url = canaryUrl(RESERVED_TARGET, 'own', canary)
  const observation = await fetch(url, { mode: 'no-cors' }).then(
    () => ({ kind: 'reached' }) as const,
    (error: unknown) =>
      error instanceof OutsideSite
        ? ({ kind: 'stopped' } as const)
        : ({ kind: 'failed', detail: String(error) } as const),
  )
  return { canary, url, observation, reports: [] }
}
