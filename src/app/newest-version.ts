/** For a page that cannot start: gets the newest version that there is, and starts it. */
import { hearNews, installed, post } from './site-worker'

/** A service worker that has let no page reload by then has no other version. */
const TAKE_LIMIT_MS = 3_000

export async function startNewest(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  const registration = await workers?.getRegistration().catch(() => undefined)
  if (registration) {
    // Without a network, what has been fetched before may do.
    await registration.update().catch(() => undefined)
    if (registration.installing) await installed(registration.installing)
    const newest = registration.waiting ?? registration.active
    if (newest) await taken(newest)
  }
  location.reload()
}

function taken(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    hearNews(({ kind }) => {
      if (kind === 'taken') resolve()
    })
    setTimeout(resolve, TAKE_LIMIT_MS)
    post(worker, { kind: 'take' })
  })
}
