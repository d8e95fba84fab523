/** Whether an answer gives the part of a file that was asked for. */
import type { ContentRange } from './version'

/** Bytes [begin, end) of a file of `totalBytes`; null where its size is not known. */
export interface ByteRange {
  begin: number
  end: number
  totalBytes: number | null
}

export interface RangeAnswer {
  status: number
  /** Null where the host tells none, or lets pages of other sites read none. */
  range: ContentRange | null
}

export type RangeVerdict =
  | 'fits'
  /** The host gives whole files only (200). */
  | 'whole-file'
  /** It tells of other bytes than those that were asked for. */
  | 'other-part'
  /** The file has another size than it had (or none of the bytes any more: 416). */
  | 'other-size'

/** `doneBytes` of the range were there before: the rest was asked for. */
export function judgeRange(
  asked: ByteRange,
  doneBytes: number,
  { status, range }: RangeAnswer,
): RangeVerdict {
  const { begin, end, totalBytes } = asked
  const total = range?.total ?? null
  if (total !== null && totalBytes !== null && total !== totalBytes) return 'other-size'
  if (status === 416) return 'other-size'
  // A file that was asked for as a whole may come as a whole.
  if (status === 200) return begin + doneBytes === 0 && end === totalBytes ? 'fits' : 'whole-file'
  return range?.start != null && range.start !== begin + doneBytes ? 'other-part' : 'fits'
}

/** The header that asks for what is missing of a range. */
export function rangeHeader({ begin, end }: ByteRange, doneBytes: number): string {
  return `bytes=${begin + doneBytes}-${end - 1}`
}
