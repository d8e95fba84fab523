/** Imported first by a worker: every address that it fetches is told to the test. */
const REQUESTS = 'test-requests'
const network = globalThis.fetch
const requests = new BroadcastChannel(REQUESTS)

globalThis.fetch = (input, init) => {
  requests.postMessage(input instanceof Request ? input.url : String(input))
  return network(input, init)
}
