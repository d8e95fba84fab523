/** Whether the bytes that a host is about to send continue those that are stored. */
import type { FileHash } from '../model/stored'

export interface ContentRange {
  /** First byte of the part; null in an answer 416, which has none. */
  start: number | null
  /** Size of the whole file; null where the host does not know it. */
  total: number | null
}

/** Reads a Content-Range header (RFC 9110, bytes only); null where it is missing, unreadable or of another unit. */
export function parseContentRange(header: string | null): ContentRange | null {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(header?.trim() ?? '')
  if (!match) return null
  const [, start, total] = match
  return { start: start === undefined ? null : Number(start), total: total === '*' ? null : Number(total) }
}

/** An answer 206 to "bytes=N-", as far as a page may read it. */
export interface PartialAnswer {
  range: ContentRange | null
  /** Bytes of the body; null where not told. */
  contentLength: number | null
  /** See `validatorOf`. */
  validator: string | null
}

/** What is known of the file, `storedBytes` of which are stored. */
export interface StoredPart {
  storedBytes: number
  bytes: number | null
  expected: FileHash | null
  /** The validator under which the stored bytes came. */
  etag: string | null
}

/**
 * True where the part may be appended. A known hash decides in the end, so with it another entity tag is no
 * obstacle: mirrors and storage hosts give the same bytes other tags. Without it the tag must agree; where none can
 * be read, at least the size must.
 */
export function continues(part: StoredPart, answer: PartialAnswer): boolean {
  const { range, contentLength, validator } = answer
  if (range?.start != null && range.start !== part.storedBytes) return false
  const total = range?.total ?? (contentLength === null ? null : part.storedBytes + contentLength)
  if (total !== null && part.bytes !== null && total !== part.bytes) return false
  if (part.expected !== null) return true
  if (part.etag !== null && validator !== null) return sameValidator(part.etag, validator)
  return total !== null && part.bytes !== null
}

/** The entity tag, or the date of the last change: pages of other sites can read that one always. */
export function validatorOf(etag: string | null, lastModified: string | null): string | null {
  return etag ?? lastModified
}

/** Compressing hosts mark the tag of the same content: as weak (nginx), or by a suffix (Apache). */
export function sameValidator(one: string, other: string): boolean {
  const plain = (validator: string) => validator.replace(/^W\//, '').replace(/-?-(gzip|br|zstd)"$/, '"')
  return plain(one) === plain(other)
}
