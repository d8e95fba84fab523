/** Fetches what a conversion will read before it is read, a few pieces at a time, and forgets what was read. */
import { AHEAD_BYTES, type FetchPiece } from '#core/convert/fetch-plan'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { success } from '#core/result'
import { PARALLEL_TRANSFERS } from '#core/transfer/limits'

type Fetched = ModelResult<Uint8Array<ArrayBuffer>>

interface Piece extends FetchPiece {
  /** Bytes that were not read yet. */
  leftBytes: number
  fetching: Promise<Fetched> | null
  /** Begun before it was asked for: whoever asks may try again. */
  isAhead: boolean
}

export class PiecesAhead {
  readonly #fetch: (piece: FetchPiece) => Promise<Fetched>
  #pieces: Piece[]
  #connections = 0
  /** A host that does not answer is not asked for more. */
  #pauses = false

  /** Begins at once. */
  constructor(pieces: readonly FetchPiece[], fetch: (piece: FetchPiece) => Promise<Fetched>) {
    this.#fetch = fetch
    this.#pieces = pieces.map((piece) => ({
      ...{ ...piece, leftBytes: piece.neededBytes, fetching: null, isAhead: false },
    }))
    this.#fill()
  }

  /** The bytes [begin, end); null where they are not, or no more, among the pieces. */
  async read(path: string, begin: number, end: number): Promise<Fetched | null> {
    const pieces = this.#pieces
      .filter((piece) => piece.path === path && piece.begin < end && piece.end > begin)
      .sort((one, other) => one.begin - other.begin)
    if (!covers(pieces, begin, end)) return null
    const bytes = new Uint8Array(end - begin)
    for (const piece of pieces) {
      const fetched = await this.#demand(piece)
      if (!fetched.ok) return fetched
      const from = Math.max(begin, piece.begin)
      const to = Math.min(end, piece.end)
      bytes.set(fetched.value.subarray(from - piece.begin, to - piece.begin), from - begin)
      piece.leftBytes -= to - from
      if (piece.leftBytes <= 0) this.#pieces = this.#pieces.filter((each) => each !== piece)
      this.#fill()
    }
    return success(bytes)
  }

  async #demand(piece: Piece): Promise<Fetched> {
    const wasAhead = piece.isAhead
    const fetched = await (piece.fetching ?? this.#begin(piece, false))
    if (fetched.ok || !wasAhead || !mayPass(fetched.failure)) return fetched
    return this.#begin(piece, false)
  }

  #begin(piece: Piece, isAhead: boolean): Promise<Fetched> {
    this.#connections += 1
    piece.isAhead = isAhead
    piece.fetching = this.#fetch(piece).then((fetched) => {
      this.#connections -= 1
      this.#pauses = !fetched.ok
      this.#fill()
      return fetched
    })
    return piece.fetching
  }

  #fill(): void {
    let bytes = this.#pieces.reduce((sum, { fetching, begin, end }) => sum + (fetching ? end - begin : 0), 0)
    for (const piece of this.#pieces) {
      if (this.#pauses || this.#connections >= PARALLEL_TRANSFERS) return
      if (piece.fetching) continue
      bytes += piece.end - piece.begin
      if (bytes > AHEAD_BYTES) return
      void this.#begin(piece, true)
    }
  }
}

function covers(pieces: readonly FetchPiece[], begin: number, end: number): boolean {
  let at = begin
  for (const piece of pieces) {
    if (piece.begin > at) return false
    at = piece.end
  }
  return pieces.length > 0 && at >= end
}

function mayPass({ kind }: ModelFailure): boolean {
  return ['unreachable', 'interrupted', 'host-busy', 'offline', 'wrong-size'].includes(kind)
}
