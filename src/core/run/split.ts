/** Parts of one run that several machines answer. */

/** An item to be asked, and by how many places it is rotated when it is asked again (0: it is not). */
export interface PlannedItem {
  itemIndex: number
  rotation: number
}

/**
 * The items of part `part` (from 1) of `of`, dealt out in turn: each part is spread evenly over the whole and keeps
 * its order, and all parts together are the whole.
 */
export function dealPart(
  items: readonly PlannedItem[],
  { part, of }: { part: number; of: number },
): PlannedItem[] {
  return items.filter((_, index) => index % of === part - 1)
}

/** Questions in the order asked: each item, directly followed by its rotated question if it has one. */
export function questionsOf(items: readonly PlannedItem[]): { itemIndexes: number[]; rotations: number[] } {
  const questions = items.flatMap(({ itemIndex, rotation }) =>
    rotation === 0 ? [[itemIndex, 0] as const] : [[itemIndex, 0] as const, [itemIndex, rotation] as const],
  )
  return {
    itemIndexes: questions.map(([itemIndex]) => itemIndex),
    rotations: questions.map(([, rotation]) => rotation),
  }
}
