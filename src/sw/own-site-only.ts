/**
 * Leaves the service worker's own code no way to another host. A host that sends no headers gives it no policy, and
 * what it asks for itself it does not see.
 */
import { worker } from './scope'

/** Thrown instead of a request to another origin. */
export class OutsideSite extends TypeError {}

const fetchAnywhere = worker.fetch.bind(worker)

worker.fetch = async (input, init) => {
  const { origin } = new URL(input instanceof Request ? input.url : input, worker.location.href)
  if (origin !== worker.location.origin) throw new OutsideSite(`${origin} is not this site`)
  return fetchAnywhere(input, init)
}

for (const name of ['WebSocket', 'WebSocketStream', 'EventSource', 'WebTransport'])
  Object.defineProperty(worker, name, { value: undefined })
