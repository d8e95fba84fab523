import type { Sha256 } from '../sha256'
import type { DatasetId, Item } from './item'

/** Characters hashed at a time: a million single lines would cost more in calls than in hashing. */
const BATCH_LENGTH = 65_536

/**
 * SHA-256 (hex) of the items: one line of JSON per item in their order,
 * `[id, language, level, stem, options, targetIndex]`, joined by newlines, in UTF-8. `encode` is a UTF-8
 * encoder and `hash` a fresh hash; core has neither.
 */
export function itemsFingerprint(
  items: readonly Item[],
  encode: (text: string) => Uint8Array,
  hash: Sha256,
): string {
  let batch = ''
  for (const [index, item] of items.entries()) {
    const line = itemLine(item)
    batch += index === 0 ? line : `\n${line}`
    if (batch.length < BATCH_LENGTH) continue
    hash.update(encode(batch))
    batch = ''
  }
  hash.update(encode(batch))
  return hash.hex()
}

/** An item as its dataset's fingerprint has it; the SHA-256 of this line alone names the item. */
export function itemLine({ id, language, level, stem, options, targetIndex }: Item): string {
  return JSON.stringify([id, language, level, stem, options, targetIndex])
}

/**
 * A dataset's id follows from its items: importing the same items again finds the same dataset, also after it
 * was removed or on another machine. 64 bits are ample for what one person imports.
 */
export function datasetId(itemsSha256: string): DatasetId {
  return itemsSha256.slice(0, 16) as DatasetId
}

/** The hash of one source, or of several: over their hashes, a line each, in the order of their names. */
export function sourcesSha256(
  sources: readonly { name: string; sha256: string }[],
  encode: (text: string) => Uint8Array,
  hash: Sha256,
): string {
  const [first] = sources
  if (first && sources.length === 1) return first.sha256
  const hashes = byName(sources).map((source) => source.sha256)
  hash.update(encode(hashes.join('\n')))
  return hash.hex()
}

/** In the order of names by UTF-16 unit, the same in every locale. */
export function byName<Source extends { name: string }>(sources: readonly Source[]): Source[] {
  return sources.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
