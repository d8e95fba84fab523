import { describe, expect, it } from 'vitest'
import { drawRotations, isRotatable, rotateItem } from '#core/run/rotate'
import { makeItem } from './fixtures'

const ITEM = { ...makeItem(0), options: ['a', 'b', 'c', 'd'], targetIndex: 3 }
const candidates = (count: number, options = 4) =>
  Array.from({ length: count }, () => ({ rotatable: true, options }))

describe('rotateItem', () => {
  it.each([
    { places: 0, options: ['a', 'b', 'c', 'd'], target: 3 },
    { places: 1, options: ['d', 'a', 'b', 'c'], target: 0 },
    { places: 2, options: ['c', 'd', 'a', 'b'], target: 1 },
    { places: 3, options: ['b', 'c', 'd', 'a'], target: 2 },
  ])('moves the options on by $places, and the key with them', ({ places, options, target }) => {
    expect(rotateItem(ITEM, places)).toEqual({ ...ITEM, options, targetIndex: target })
  })

  it('keeps the text of the keyed option, whatever the places', () => {
    for (let count = 2; count <= 26; count += 1) {
      const item = {
        ...ITEM,
        options: Array.from({ length: count }, (_, index) => `o${index}`),
        targetIndex: 1,
      }
      for (let places = 0; places < count; places += 1) {
        const rotated = rotateItem(item, places)
        expect(rotated.options[rotated.targetIndex]).toBe('o1')
        expect([...rotated.options].sort()).toEqual([...item.options].sort())
      }
    }
  })
})

it('rotates no item whose options speak of others', () => {
  expect(isRotatable(ITEM)).toBe(true)
  expect(isRotatable({ ...ITEM, options: ['a', 'b', 'All of the above'] })).toBe(false)
  expect(isRotatable({ language: 'zh', options: ['甲', '乙', '以上都是'] })).toBe(false)
})

describe('drawRotations', () => {
  it('rotates the share of the items, rounded', () => {
    const rotated = (count: number, share: number) =>
      drawRotations(candidates(count), share, 1).filter((places) => places > 0).length
    expect(rotated(200, 0.25)).toBe(50)
    expect(rotated(7, 0.5)).toBe(4)
    expect(rotated(7, 1)).toBe(7)
    expect(rotated(7, 0)).toBe(0)
    expect(rotated(0, 1)).toBe(0)
  })

  it('takes all rotatable items when the share asks for more, and none that is not', () => {
    const mixed = candidates(20).map((one, index) => ({ ...one, rotatable: index % 4 === 0 }))
    const places = drawRotations(mixed, 0.5, 3)
    expect(places.filter((one) => one > 0)).toHaveLength(5)
    places.forEach((one, index) => expect(one > 0).toBe(index % 4 === 0))
  })

  it('moves by 1 to options - 1 places, each equally often', () => {
    const counts = new Map<number, number>()
    for (const places of drawRotations(candidates(3000), 1, 5))
      counts.set(places, (counts.get(places) ?? 0) + 1)
    expect([...counts.keys()].sort()).toEqual([1, 2, 3])
    // 1000 expected each, standard deviation 25.8.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(104)
    expect(new Set(drawRotations(candidates(50, 2), 1, 5))).toEqual(new Set([1]))
  })

  it('pins one draw for good', () => {
    expect(drawRotations(candidates(12), 0.5, 20261121)).toMatchInlineSnapshot(`
      [
        2,
        0,
        1,
        0,
        2,
        0,
        1,
        1,
        3,
        0,
        0,
        0,
      ]
    `)
  })
})
