const NAME = 'somnus-models'

/** Tells the other tabs of this browser that stored models changed, and hears it from them. */
export class ModelChannel {
  readonly #channel: BroadcastChannel

  constructor(name = NAME) {
    this.#channel = new BroadcastChannel(name)
  }

  tell(): void {
    this.#channel.postMessage('changed')
  }

  hear(listener: () => void): void {
    this.#channel.onmessage = listener
  }

  close(): void {
    this.#channel.close()
  }
}
