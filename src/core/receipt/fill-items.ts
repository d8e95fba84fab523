/** Items that came without their text get it from the dataset with the same items, where that is here. */
import { itemLine } from '../dataset/fingerprint'
import type { Item } from '../dataset/item'
import { rotateItem } from '../run/rotate'
import type { ItemSource } from '../run/shots'
import type { Answer, RunPlan, Shots } from '../run/types'

/** Items read at a time. */
const BATCH = 256

/** The answers, with the texts of those items whose hash the dataset confirms; in steps of one answer. */
export async function* withTexts(
  plan: Pick<RunPlan, 'itemIndexes'>,
  answers: readonly Answer[],
  source: ItemSource,
  sha256: (text: string) => string,
): AsyncGenerator<undefined, Answer[]> {
  const filled: Answer[] = []
  for (let from = 0; from < answers.length; from += BATCH) {
    const batch = answers.slice(from, from + BATCH)
    const indexes = batch.map(({ position }) => plan.itemIndexes[position] ?? -1)
    const present = indexes.filter((index) => source.metas[index] !== undefined)
    const items = await source.items(present)
    const byIndex = new Map(present.map((index, place) => [index, items[place]]))
    for (const [place, answer] of batch.entries()) {
      const plain = byIndex.get(indexes[place] ?? -1)
      filled.push({ ...answer, item: textOf(answer.item, answer.rotation, plain, sha256) })
      yield
    }
  }
  return filled
}

/** The same for worked examples, which are found in their pool by language and id. */
export async function shotsWithTexts(
  shots: Shots,
  pool: ItemSource,
  sha256: (text: string) => string,
): Promise<Shots> {
  const indexes = new Map(pool.metas.map(({ language, id }, index) => [`${language}/${id}`, index]))
  const items: Item[] = []
  for (const item of shots.items) {
    const index = indexes.get(`${item.language}/${item.id}`)
    const [plain] = index === undefined ? [] : await pool.items([index])
    items.push(textOf(item, 0, plain, sha256))
  }
  return { ...shots, items }
}

/** Files of version 1 name items by their id only: the list of items has the same hash, so the place is enough. */
function textOf(
  item: Item,
  rotation: number,
  plain: Item | undefined,
  sha256: (text: string) => string,
): Item {
  if (item.withheld === undefined || !plain) return item
  const asked = rotateItem(plain, rotation)
  const isSame =
    plain.id === item.id &&
    plain.language === item.language &&
    asked.targetIndex === item.targetIndex &&
    asked.options.length === item.options.length &&
    (item.withheld === '' || item.withheld === sha256(itemLine(plain)))
  return isSame ? asked : item
}
