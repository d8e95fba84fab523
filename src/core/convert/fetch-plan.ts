/** What is asked of a host that holds the checkpoint: few requests, and none for bytes that are not needed. */
import { sourceBytesOf, type PlannedShard, type SourceRows } from './plan'

/** Bytes of a file, fetched by one request. */
export interface FetchPiece {
  path: string
  begin: number
  end: number
  /** Of them, those that a tensor needs; the rest are gaps between small tensors. */
  neededBytes: number
}

/**
 * A request's answer is held in memory until it is converted, and lost when the connection breaks for good: large
 * enough that a redirect for each costs little, small enough for several at a time on a phone.
 */
export const PIECE_LIMIT_BYTES = 16 * 2 ** 20
/** Fetching as much as this in vain takes less time than another request. */
const GAP_LIMIT_BYTES = 64 * 2 ** 10

/** Fetched or on their way, and not yet converted: what each connection works on, and one that is being read. */
export const AHEAD_BYTES = 80 * 2 ** 20

interface Span extends FetchPiece {
  /** When it is needed: the place of its first tensor among those of the shard. */
  order: number
}

/**
 * The requests for shards, in the order in which their bytes are needed. Large tensors are fetched in equal parts;
 * small ones that lie beside each other in a file are fetched together.
 */
export function planFetches(shards: readonly PlannedShard[]): FetchPiece[] {
  return shards.flatMap((shard) => {
    const spans = shard.units.flatMap(({ parts }) => parts).map(spanOf)
    const large = spans.filter(isLarge).flatMap(inEqualParts)
    const small = together(spans.filter((span) => !isLarge(span)))
    return [...large, ...small]
      .sort((one, other) => one.order - other.order || one.begin - other.begin)
      .map(({ path, begin, end, neededBytes }) => ({ path, begin, end, neededBytes }))
  })
}

function spanOf(part: SourceRows, order: number): Span {
  const neededBytes = sourceBytesOf(part)
  return { path: part.path, begin: part.begin, end: part.begin + neededBytes, neededBytes, order }
}

function isLarge({ begin, end }: Span): boolean {
  return end - begin > PIECE_LIMIT_BYTES
}

function inEqualParts({ path, begin, end, order }: Span): Span[] {
  const count = Math.ceil((end - begin) / PIECE_LIMIT_BYTES)
  const at = (index: number) => begin + Math.floor(((end - begin) * index) / count)
  return Array.from({ length: count }, (_, index) => {
    const neededBytes = at(index + 1) - at(index)
    return { path, begin: at(index), end: at(index + 1), neededBytes, order }
  })
}

function together(spans: readonly Span[]): Span[] {
  const inFiles = spans.toSorted((one, other) =>
    one.path === other.path ? one.begin - other.begin : one.path < other.path ? -1 : 1,
  )
  const merged: Span[] = []
  for (const span of inFiles) {
    const last = merged.at(-1)
    const joins =
      last?.path === span.path &&
      span.begin - last.end <= GAP_LIMIT_BYTES &&
      span.end - last.begin <= PIECE_LIMIT_BYTES
    if (!joins) {
      merged.push({ ...span })
      continue
    }
    last.end = Math.max(last.end, span.end)
    last.neededBytes += span.neededBytes
    last.order = Math.min(last.order, span.order)
  }
  return merged
}
