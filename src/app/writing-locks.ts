import type { ConversationId, MessageId } from '#core/chat/types'

/** Followed by the conversation and the reply. */
const PREFIX = 'somnus/writing/'

/** Which replies are being written in this browser. Each holds a Web Lock, which ends with its tab at the latest. */
export class WritingLocks {
  readonly #locks: LockManager | undefined
  readonly #own = new Set<string>()

  /** Without a lock manager no tab knows of another. */
  constructor(locks: LockManager | undefined) {
    this.#locks = locks
  }

  /** Lets other tabs know, from `onHeld` on, that this reply is being written, until `writing` settles. */
  async hold(
    conversation: ConversationId,
    reply: MessageId,
    writing: Promise<void>,
    onHeld: () => void,
  ): Promise<void> {
    const name = `${PREFIX}${conversation}/${reply}`
    this.#own.add(name)
    const held = this.#locks?.request(name, { mode: 'shared' }, () => {
      onHeld()
      return writing
    })
    try {
      await (held ?? writing)
    } finally {
      this.#own.delete(name)
    }
  }

  /** The replies of a conversation that other tabs are writing. */
  async elsewhere(conversation: ConversationId): Promise<readonly MessageId[]> {
    const start = `${PREFIX}${conversation}/`
    const { held = [] } = (await this.#locks?.query()) ?? {}
    const names = held.map(({ name = '' }) => name).filter((name) => !this.#own.has(name))
    return names.filter((name) => name.startsWith(start)).map((name) => Number(name.slice(start.length)))
  }
}
