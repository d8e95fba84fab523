/** Who asks: the page or worker that a request came from. */
import { DOWNLOAD_FOLDER } from '#core/privacy/policy'
import { pathInSite, worker } from './scope'

/**
 * The page or worker with this id, undefined where there is none. A worker older than this service worker's control
 * asks without an id in Chromium: then it is a worker that downloads, if there is one, since the others' own policy
 * stops what they ask of other hosts before it comes here.
 */
export async function clientOf(id: string): Promise<Client | undefined> {
  if (id !== '') return worker.clients.get(id)
  const workers = await worker.clients.matchAll({ type: 'worker', includeUncontrolled: true })
  return workers.find(({ url }) => pathInSite(url)?.startsWith(`${DOWNLOAD_FOLDER}/`))
}
