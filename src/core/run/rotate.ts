/** Questions asked a second time with their options moved on: does the answer follow the content or the letter? */
import type { Item } from '../dataset/item'
import { refersToOptions } from './option-references'
import { drawWithoutReplacement, randomBelow } from './random'
import { STREAMS } from './streams'

/** The item with its options moved on by `places`, the last ones coming first; its key moves along. */
export function rotateItem(item: Item, places: number): Item {
  const count = item.options.length
  if (places % count === 0) return item
  return {
    ...item,
    options: item.options.map((_, index) => item.options[(index - places + count) % count] ?? ''),
    targetIndex: (item.targetIndex + places) % count,
  }
}

/** Whether an item means the same with its options in another order. */
export function isRotatable({ options, language }: Pick<Item, 'options' | 'language'>): boolean {
  return options.length > 1 && !refersToOptions(options, language)
}

/** What the draw needs of an item. */
export interface RotationCandidate {
  rotatable: boolean
  options: number
}

/**
 * By how many places each item is rotated when it is asked again; 0 where it is not. Of n items round(`share` · n) are
 * drawn among the rotatable ones, or all of these if they are fewer; each moves on by 1 to options - 1 places, all
 * equally likely.
 */
export function drawRotations(items: readonly RotationCandidate[], share: number, seed: number): number[] {
  const rotatable = items.flatMap((item, index) => (item.rotatable ? [index] : []))
  const count = Math.round(share * items.length)
  const drawn = drawWithoutReplacement(rotatable, count, randomBelow(seed, STREAMS.rotatedItems))
  const below = randomBelow(seed, STREAMS.rotationPlaces)
  const places = items.map(() => 0)
  for (const index of drawn.sort((a, b) => a - b)) places[index] = 1 + below((items[index]?.options ?? 2) - 1)
  return places
}
