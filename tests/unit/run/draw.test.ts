import { describe, expect, it } from 'vitest'
import type { DatasetId, Item } from '#core/dataset/item'
import { drawQuestions, type DrawFailure, type DrawnQuestions } from '#core/run/draw'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import type { ItemSource } from '#core/run/shots'
import type { Selection } from '#core/run/types'
import { makeItem } from './fixtures'

const ITEMS = Array.from({ length: 60 }, (_, index) =>
  makeItem(index, index % 3 ? 'en' : 'zh', ([1, 2, 3] as const)[index % 2]),
)
const POOL = Array.from({ length: 20 }, (_, index) => ({
  ...makeItem(index + 500, index % 2 ? 'en' : 'zh'),
  stem: `Pool question ${index}?`,
}))
const SELECTION: Selection = {
  languages: ['en', 'zh'],
  levels: [1, 2, 3],
  sampleSize: 24,
  seed: 11,
  design: 'proportional',
}
const pool = { id: 'pool' as DatasetId, name: 'Pool', itemsSha256: 'pool' }

const source = (items: readonly Item[]): ItemSource => ({
  metas: items,
  items: (indexes) => Promise.resolve(indexes.flatMap((index) => items[index] ?? [])),
})

function request(change: Partial<RunRequest> = {}): RunRequest {
  return {
    ...PLAIN_REQUEST,
    model: { recordId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' },
    dataset: {
      id: 'd' as DatasetId,
      name: 'Data',
      source: { kind: 'built-in' },
      sha256: 'a',
      itemsSha256: 'own',
    },
    selection: SELECTION,
    ...change,
  }
}

async function draw(
  change: Partial<RunRequest> = {},
  from: readonly Item[] = ITEMS,
  shots: readonly Item[] = POOL,
): Promise<DrawnQuestions> {
  const drawn = await drawQuestions(request(change), source(from), source(shots))
  if (!drawn.ok) throw new Error(drawn.failure.kind)
  return drawn.value
}

async function refusal(change: Partial<RunRequest>, shots: readonly Item[] = POOL): Promise<DrawFailure> {
  const drawn = await drawQuestions(request(change), source(ITEMS), source(shots))
  if (drawn.ok) throw new Error('drawn')
  return drawn.failure
}

const plainOf = ({ itemIndexes, rotations }: DrawnQuestions) =>
  itemIndexes.filter((_, position) => rotations[position] === 0)

describe('drawQuestions', () => {
  it('asks the sample in its order, unrotated, when nothing else is wished', async () => {
    const drawn = await draw()
    expect(drawn.itemIndexes).toHaveLength(24)
    expect(drawn.rotations).toEqual(drawn.itemIndexes.map(() => 0))
    expect(drawn.shots).toBeNull()
  })

  it('lets each rotated question follow its plain one, and leaves the plain ones as they were', async () => {
    const rotated = await draw({ rotationShare: 0.25 })
    expect(rotated.rotations.filter((rotation) => rotation > 0)).toHaveLength(6)
    rotated.rotations.forEach((rotation, position) => {
      if (rotation === 0) return
      expect(rotated.itemIndexes[position - 1]).toBe(rotated.itemIndexes[position])
      expect(rotated.rotations[position - 1]).toBe(0)
    })
    expect(plainOf(rotated)).toEqual((await draw()).itemIndexes)
  })

  it('rotates none whose options speak of others', async () => {
    const items = ITEMS.map((item, index) =>
      index % 2 ? { ...item, options: ['x', 'y', 'None of the above'] } : item,
    )
    const drawn = await draw({ rotationShare: 1 }, items)
    drawn.itemIndexes.forEach((index, position) => {
      if (drawn.rotations[position]) expect(index % 2).toBe(0)
    })
    expect(drawn.rotations.some((rotation) => rotation > 0)).toBe(true)
  })

  it('lists the questions by id, language and rotation', async () => {
    const drawn = await draw({ rotationShare: 0.25 })
    const lines = drawn.askedList.split('\n')
    expect(lines).toHaveLength(drawn.itemIndexes.length + 1)
    drawn.itemIndexes.forEach((index, position) => {
      const { id, language } = ITEMS[index]!
      expect(JSON.parse(lines[position] ?? '')).toEqual([id, language, drawn.rotations[position]])
    })
  })

  it('gives the same questions for rows in another order', async () => {
    const wish = { rotationShare: 0.5, shots: { pool, count: 2 }, split: { part: 2, of: 3 } }
    const [one, other] = [await draw(wish), await draw(wish, [...ITEMS].reverse(), [...POOL].reverse())]
    expect(other.askedList).toBe(one.askedList)
    expect(other.shots).toEqual(one.shots)
    expect(other.strata).toEqual(one.strata)
  })

  it('pins questions, rotations, examples and a part for good', async () => {
    const drawn = await draw({ rotationShare: 0.5, shots: { pool, count: 1 }, split: { part: 1, of: 6 } })
    expect(drawn.askedList).toMatchInlineSnapshot(`
      "["item-00015","zh",0]
      ["item-00027","zh",0]
      ["item-00027","zh",1]
      ["item-00013","en",0]
      ["item-00056","en",0]
      "
    `)
    expect(drawn.shots?.items.map(({ id }) => id)).toMatchInlineSnapshot(`
      [
        "item-00509",
        "item-00510",
      ]
    `)
  })

  it('refuses a selection without items, and a part without questions', async () => {
    expect(await refusal({ selection: { ...SELECTION, levels: ['unlabelled'] } })).toEqual({
      kind: 'no-items',
    })
    const two = { ...SELECTION, sampleSize: 2 }
    expect(await refusal({ selection: two, split: { part: 3, of: 3 } })).toEqual({ kind: 'no-items' })
  })

  it('says when items that are listed cannot be read', async () => {
    const gone = { metas: ITEMS, items: () => Promise.resolve([]) }
    expect(await drawQuestions(request({ rotationShare: 1 }), gone, null)).toEqual({
      ok: false,
      failure: { kind: 'items-missing' },
    })
  })
})

describe('split', () => {
  it('partitions the whole, whatever the number of parts; a rotated question stays with its plain one', async () => {
    for (const design of ['proportional', 'equal', 'simple'] as const) {
      const selection = { ...SELECTION, design }
      const whole = await draw({ rotationShare: 0.4, selection })
      for (const of of [1, 2, 3, 5, 24]) {
        const parts = await Promise.all(
          Array.from({ length: of }, (_, index) =>
            draw({ rotationShare: 0.4, selection, split: { part: index + 1, of } }),
          ),
        )
        const lines = parts.flatMap(({ askedList }) => askedList.trimEnd().split('\n'))
        expect([...lines].sort()).toEqual(whole.askedList.trimEnd().split('\n').sort())
        for (const part of parts) {
          expect(part.strata).toEqual(whole.strata)
          part.rotations.forEach((rotation, position) => {
            if (rotation > 0) expect(part.itemIndexes[position - 1]).toBe(part.itemIndexes[position])
          })
        }
        const sizes = parts.map((part) => plainOf(part).length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }
    }
  })

  it('shows the same examples in every part', async () => {
    const wish = { shots: { pool, count: 2 } }
    const [one, two] = [
      await draw({ ...wish, split: { part: 1, of: 2 } }),
      await draw({ ...wish, split: { part: 2, of: 2 } }),
    ]
    expect(one.shots).toEqual(two.shots)
  })
})

describe('examples', () => {
  it('draws as many of each language asked', async () => {
    const { shots } = await draw({ shots: { pool, count: 3 } })
    expect(shots).toMatchObject({ pool, count: 3 })
    expect(shots?.items.map(({ language }) => language)).toEqual(['en', 'en', 'en', 'zh', 'zh', 'zh'])
    expect(new Set(shots?.items.map(({ id }) => id)).size).toBe(6)
    const english = await draw({
      shots: { pool, count: 3 },
      selection: { ...SELECTION, languages: ['en'] },
    })
    expect(english.shots?.items.map(({ language }) => language)).toEqual(['en', 'en', 'en'])
  })

  it('never takes an item that the run asks, from its own dataset', async () => {
    const own = { ...pool, itemsSha256: 'own' }
    for (let seed = 0; seed < 30; seed += 1) {
      const drawn = await draw(
        { shots: { pool: own, count: 4 }, selection: { ...SELECTION, seed } },
        ITEMS,
        ITEMS,
      )
      const asked = new Set(drawn.itemIndexes.map((index) => ITEMS[index]?.id))
      expect(drawn.shots?.items.filter(({ id }) => asked.has(id))).toEqual([])
    }
  })

  it('never takes a stem that the run asks, whatever its id, blanks and letter case', async () => {
    const copies = ITEMS.map((item) => ({
      ...item,
      id: `copy-${item.id}`,
      stem: ` ${item.stem.toUpperCase()} `,
    }))
    const all = { ...SELECTION, sampleSize: null }
    expect(await refusal({ shots: { pool, count: 1 }, selection: all }, copies)).toEqual({
      kind: 'too-few-shots',
      language: 'en',
      wanted: 1,
      found: 0,
    })
    const { shots } = await draw({ shots: { pool, count: 10 }, selection: all }, ITEMS, [...copies, ...POOL])
    expect(shots?.items.every(({ stem }) => stem.startsWith('Pool'))).toBe(true)
  })

  it('takes an id of another dataset for what it is: another item', async () => {
    const sameIds = POOL.map((item, index) => ({ ...item, id: ITEMS[index]?.id ?? '' }))
    expect((await draw({ shots: { pool, count: 5 } }, ITEMS, sameIds)).shots?.items).toHaveLength(10)
  })

  it('shows no stem twice', async () => {
    const twice = POOL.map((item) => ({ ...item, stem: `Same in ${item.language}?` }))
    expect(await refusal({ shots: { pool, count: 2 } }, twice)).toMatchObject({
      kind: 'too-few-shots',
      found: 1,
    })
  })

  it('keeps examples that are given, as a rerun does', async () => {
    const items = POOL.slice(0, 2)
    expect((await draw({ shots: { pool, count: 1, items } }, ITEMS, [])).shots).toEqual({
      pool,
      count: 1,
      items,
    })
  })
})

it('asks questions that are given, and counts what they are of each stratum', async () => {
  const questions = { itemIndexes: [3, 3, 8], rotations: [0, 2, 0] }
  const drawn = await draw({ questions, rotationShare: 0.5, split: { part: 1, of: 2 } })
  expect(drawn).toMatchObject(questions)
  expect(drawn.strata.reduce((sum, { sampled }) => sum + sampled, 0)).toBe(2)
  expect(drawn.strata.reduce((sum, { population }) => sum + population, 0)).toBe(60)
})
