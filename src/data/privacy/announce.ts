/** How a change of the privacy state reaches everyone who obeys it. */

const CHANNEL = 'somnus-privacy'

/** Sent to the service worker, which answers on the port once it obeys the stored state. */
export const STATE_CHANGED = 'somnus-privacy-changed'

/** Tells tabs and workers that the stored state is another one. */
export function announceChange(): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage(STATE_CHANGED)
  channel.close()
}

/** Hears of changes that others made; gives the way to stop listening. */
export function hearChanges(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', () => listener())
  return () => channel.close()
}
