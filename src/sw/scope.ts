/** The service worker's own global, typed: the `WebWorker` library describes dedicated workers. */
export const worker = globalThis as unknown as ServiceWorkerGlobalScope

/** The path below the site's root that an address names ("" for the root), or null where it lies elsewhere. */
export function pathInSite(url: string): string | null {
  const { href } = new URL(worker.registration.scope)
  const { origin, pathname } = new URL(url)
  const address = origin + pathname
  if (!address.startsWith(href)) return null
  try {
    return decodeURI(address.slice(href.length))
  } catch {
    // Such as "%ff", which is no UTF-8: no file of the site has such a name.
    return null
  }
}
