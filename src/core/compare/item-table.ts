/** The items of several runs side by side, so that runs are compared on the same items only. */
import type { Item } from '../dataset/item'
import type { Answer } from '../run/types'
import { levelChoice } from '../score/accuracy-table'
import { cellIndex } from '../score/group-table'

/** One item with the answers of the runs that were asked exactly this. */
export interface ComparedItem {
  item: Item
  /** Its language × level cell, see `cellIndex`. */
  cell: number
  /** Items of a language with the same stem share this number. */
  stem: number
  /** By run; undefined where the run was not asked it, or under other content. */
  answers: (Answer | undefined)[]
  /** Items of the same language and id whose content differs; mostly none. */
  namesakes: ComparedItem[]
}

/** Why two items of one id are not the same, the first that holds. */
export type ContentDifference = 'text' | 'key' | 'level'

/** Filled run by run, in slices if there are many answers. */
export class ItemTable {
  readonly items: ComparedItem[] = []
  readonly #runCount: number
  readonly #byId = new Map<string, ComparedItem>()
  readonly #stems = new Map<string, number>()
  #stemCount = 0

  constructor(runCount: number) {
    this.#runCount = runCount
  }

  /** How many different stems there are; one that was withheld counts for itself. */
  get stemCount(): number {
    return this.#stemCount
  }

  /** Adds answers of the run with this index, from 0. */
  add(run: number, answers: readonly Answer[]): void {
    for (const answer of answers) this.#itemOf(answer).answers[run] = answer
  }

  #itemOf(answer: Answer): ComparedItem {
    const { item } = answer
    const key = `${item.language} ${item.id}`
    const first = this.#byId.get(key)
    if (!first) {
      const made = this.#newItem(answer)
      this.#byId.set(key, made)
      return made
    }
    const known = [first, ...first.namesakes].find((one) => contentDifference(one.item, item) === null)
    if (known) return known
    const made = this.#newItem(answer)
    const others = [first, ...first.namesakes]
    made.namesakes.push(...others)
    for (const other of others) other.namesakes.push(made)
    return made
  }

  #newItem(answer: Answer): ComparedItem {
    const { item } = answer
    const made: ComparedItem = {
      item,
      cell: cellIndex(item.language, levelChoice(answer)),
      // An unknown stem is not the same as another unknown one.
      stem: item.withheld === undefined ? this.#stemOf(`${item.language} ${item.stem}`) : this.#newStem(),
      answers: Array.from({ length: this.#runCount }),
      namesakes: [],
    }
    this.items.push(made)
    return made
  }

  #stemOf(text: string): number {
    const known = this.#stems.get(text)
    if (known !== undefined) return known
    const number = this.#newStem()
    this.#stems.set(text, number)
    return number
  }

  #newStem(): number {
    this.#stemCount += 1
    return this.#stemCount - 1
  }
}

/** Null when both hold the same question, options in the same order, key and level: what an item's hash covers. */
export function contentDifference(left: Item, right: Item): ContentDifference | null {
  const sameOptions =
    left.options.length === right.options.length &&
    left.options.every((text, index) => text === right.options[index])
  if (left.stem !== right.stem || !sameOptions || left.withheld !== right.withheld) return 'text'
  // Neither text nor hash: nothing says that they are the same question.
  if (left.withheld === '') return 'text'
  if (left.targetIndex !== right.targetIndex) return 'key'
  return left.level === right.level ? null : 'level'
}
