/** The service worker: keeps the site for offline use and puts its policy on everything that the pages get. */
import './own-site-only'
import './self-test'
import type { SiteRequest } from '#core/site/messages'
import { guardForeign, guardOwnHost } from './guard'
import { install } from './install'
import { pathInSite, worker } from './scope'
import { answer, becameActive, pageStarted, siteStatus, takeThisBuild } from './site-cache'

worker.addEventListener('install', (event) => event.waitUntil(install()))

worker.addEventListener('activate', (event) => event.waitUntil(becameActive()))

worker.addEventListener('fetch', (event) => {
  const { url, method } = event.request
  if (new URL(url).origin !== worker.location.origin) return guardForeign(event)
  const path = pathInSite(url)
  if (method === 'GET' && path !== null) event.respondWith(answer(event, path))
  else guardOwnHost(event, path)
})

worker.addEventListener('message', (event) => {
  if (event.origin !== worker.location.origin) return
  event.waitUntil(hear(event.data as SiteRequest, event.ports))
})

async function hear(request: SiteRequest, [port]: readonly MessagePort[]): Promise<void> {
  switch (request.kind) {
    case 'status':
      port?.postMessage(await siteStatus())
      break
    case 'repair':
      await install().catch(() => undefined)
      port?.postMessage(await siteStatus())
      break
    case 'started':
      await pageStarted(request.build)
      break
    case 'take':
      await takeThisBuild()
      break
  }
}
