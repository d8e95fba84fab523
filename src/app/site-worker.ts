import {
  BUILD_TIMING,
  isAbout,
  PAGE_LOCK,
  SITE_CHANNEL,
  type SiteNews,
  type SiteRequest,
  type SiteStatus,
} from '#core/site/messages'

/** A service worker that does not answer for so long is broken. */
const ANSWER_MS = 5_000

/** Browsers give an event of a service worker five minutes. */
const REPAIR_MS = 300_000

/** The id of the build that the service worker gave this page from; null for a page that came from the host. */
export function pageBuild(): string | null {
  const [navigation] = performance.getEntriesByType('navigation') as Partial<PerformanceNavigationTiming>[]
  return navigation?.serverTiming?.find(({ name }) => name === BUILD_TIMING)?.description ?? null
}

/** Hears what service workers tell of this copy of the site. */
export function hearNews(listener: (news: SiteNews) => void): void {
  const scope = new URL('./', document.baseURI).href
  new BroadcastChannel(SITE_CHANNEL).onmessage = ({ data }: MessageEvent<SiteNews>) => {
    if (isAbout(data, scope)) listener(data)
  }
}

export function post(worker: ServiceWorker, request: SiteRequest, port?: MessagePort): void {
  worker.postMessage(request, port ? [port] : [])
}

/** What the service worker knows; null where it does not answer. */
export function askStatus(worker: ServiceWorker): Promise<SiteStatus | null> {
  return ask(worker, { kind: 'status' }, ANSWER_MS)
}

/** Lets the service worker fetch again what is gone; null where that took too long. */
export function askRepair(worker: ServiceWorker): Promise<SiteStatus | null> {
  return ask(worker, { kind: 'repair' }, REPAIR_MS)
}

function ask(worker: ServiceWorker, request: SiteRequest, withinMs: number): Promise<SiteStatus | null> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    const end = (status: SiteStatus | null) => {
      clearTimeout(timer)
      port1.close()
      resolve(status)
    }
    const timer = setTimeout(() => end(null), withinMs)
    port1.onmessage = ({ data }) => end(data as SiteStatus)
    post(worker, request, port2)
  })
}

/** Keeps the files of this page's build until the page is gone: it fetches some only when they are needed. */
export function holdBuild(locks: LockManager, build: string): void {
  void locks.request(PAGE_LOCK + build, { mode: 'shared' }, () => new Promise(() => undefined))
}

/** Resolves once a worker under way is installed (true), or has failed (false). */
export function installed(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker.state === 'installing') return
      worker.removeEventListener('statechange', look)
      resolve(worker.state !== 'redundant')
    }
    worker.addEventListener('statechange', look)
    look()
  })
}
