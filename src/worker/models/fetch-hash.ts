/** The hashes of a file while it arrives: SHA-256 always, and the one that its source names. */
import type { FileHash } from '#core/model/stored'
import { createMd5 } from '#data/md5'
import type { FileSink } from '#data/model-files'
import { createSha1 } from '#data/sha1'
import { createSha256 } from '#data/sha256'

interface Hasher {
  update(bytes: Uint8Array): void
  hex(): string
}

/** Read at a time: small beside the memory of a phone, large beside the cost of a call. */
const PIECE_BYTES = 4 * 1024 * 1024

type Readable = Pick<FileSink, 'size' | 'read'>

export class ContentHash {
  readonly #sha256: Hasher
  readonly #md5: Hasher | undefined

  private constructor(sha256: Hasher, md5: Hasher | undefined) {
    this.#sha256 = sha256
    this.#md5 = md5
  }

  /** Begins with the bytes that are stored already; ends early, with a useless hash, when the signal aborts. */
  static async begin(expected: FileHash | null, stored: Readable, signal: AbortSignal): Promise<ContentHash> {
    const md5 = expected?.algorithm === 'md5' ? await createMd5() : undefined
    const hash = new ContentHash(await createSha256(), md5)
    await readAll(stored, (bytes) => hash.update(bytes), signal)
    return hash
  }

  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes)
    this.#md5?.update(bytes)
  }

  /** The SHA-256, and the digest by the algorithm of `expected`; spends the hash. */
  async finish(
    expected: FileHash | null,
    stored: Readable,
    signal: AbortSignal,
  ): Promise<{ sha256: string; actual: string }> {
    const sha256 = this.#sha256.hex()
    if (expected?.algorithm === 'md5' && this.#md5) return { sha256, actual: this.#md5.hex() }
    if (expected?.algorithm !== 'git-sha1') return { sha256, actual: sha256 }
    // Git hashes the size before the content; it is known only now. Files that git itself keeps are small.
    const sha1 = await createSha1()
    sha1.update(new TextEncoder().encode(`blob ${stored.size}\0`))
    await readAll(stored, (bytes) => sha1.update(bytes), signal)
    return { sha256, actual: sha1.hex() }
  }
}

async function readAll(
  stored: Readable,
  use: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < stored.size && !signal.aborted; at += PIECE_BYTES) {
    use(stored.read(at, PIECE_BYTES))
    // Lets an abort arrive.
    await new Promise((resolve) => setTimeout(resolve))
  }
}
