import { describe, expect, it } from 'vitest'
import { itemLine } from '#core/dataset/fingerprint'
import type { Item } from '#core/dataset/item'
import { shotsWithTexts, withTexts } from '#core/receipt/fill-items'
import { rotateItem } from '#core/run/rotate'
import type { ItemSource } from '#core/run/shots'
import type { Answer } from '#core/run/types'
import { sha256 } from '../export/runs'
import { randomAnswers } from '../score/answers'

const base = randomAnswers(300, 4)
const items = base.map(({ item }) => item)
const source: ItemSource = {
  metas: items,
  items: (indexes) => Promise.resolve(indexes.flatMap((index) => items[index] ?? [])),
}
/** Asked in another order than the dataset has them, every fifth rotated. */
const itemIndexes = items.map((_, index) => (index * 7) % items.length)
const whole = itemIndexes.map((index, position): Answer => {
  const rotation = position % 5 === 0 ? 1 : 0
  return { ...base[index]!, position, rotation, item: rotateItem(items[index]!, rotation) }
})
const hashOf = (position: number) => sha256(itemLine(items[itemIndexes[position]!]!))
const bare = (item: Item, withheld: string): Item => ({
  ...item,
  stem: '',
  options: item.options.map(() => ''),
  withheld,
})

async function filled(answers: readonly Answer[]): Promise<Answer[]> {
  const steps = withTexts({ itemIndexes }, answers, source, sha256)
  for (;;) {
    const step = await steps.next()
    if (step.done) return step.value
  }
}

describe('texts that a file left out', () => {
  it('come back as they were asked, from the dataset with the same items', async () => {
    const answers = whole.map((one, position) => ({ ...one, item: bare(one.item, hashOf(position)) }))
    expect(await filled(answers)).toEqual(whole)
  })

  it('come back by their place in files that had no hashes', async () => {
    expect(await filled(whole.map((one) => ({ ...one, item: bare(one.item, '') })))).toEqual(whole)
  })

  it('stay away where hash or key say that the item is another', async () => {
    const answers = whole.map((one, position) => {
      const item = bare(one.item, position === 3 ? '00'.repeat(32) : hashOf(position))
      return position === 4
        ? { ...one, item: { ...item, targetIndex: (item.targetIndex + 1) % 3 } }
        : { ...one, item }
    })
    const result = await filled(answers)
    expect(result.flatMap(({ item }, position) => (item.withheld === undefined ? [] : [position]))).toEqual([
      3, 4,
    ])
  })

  it('are left as they are where the file has them', async () => {
    const own = whole.map((one) => ({ ...one, item: { ...one.item, stem: 'Own words' } }))
    expect(await filled(own)).toEqual(own)
  })

  it('come back for worked examples too', async () => {
    const shots = { pool: { id: 'd', name: 'D', itemsSha256: 'x' } as never, count: 1 }
    const item = items[11]!
    const again = await shotsWithTexts(
      { ...shots, items: [bare(item, sha256(itemLine(item)))] },
      source,
      sha256,
    )
    expect(again.items.length).toBe(1)
    expect(again.items[0]).toEqual(
      items.find(({ id, language }) => id === item.id && language === item.language),
    )
  })
})
