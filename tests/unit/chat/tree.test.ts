import { describe, expect, it } from 'vitest'
import {
  branchesOf,
  branchTo,
  follows,
  leafWithout,
  newestLeaf,
  removedBefore,
  treeOf,
} from '#core/chat/tree'
import type { AssistantMessage, MessageRecord } from '#core/chat/types'

/**
 * Two wordings of a first question (0, 4). The first has three replies (1, 6, 7), of which 7 goes on from 6; the first
 * reply was asked about (2, 3).
 */
const SHAPE: [id: number, parent: number | null, role: 'user' | 'assistant'][] = [
  [0, null, 'user'],
  [1, 0, 'assistant'],
  [2, 1, 'user'],
  [3, 2, 'assistant'],
  [4, null, 'user'],
  [5, 4, 'assistant'],
  [6, 0, 'assistant'],
  [7, 0, 'assistant'],
]

/** `removed`: which of them are deleted. */
function messages(removed: readonly number[] = []): MessageRecord[] {
  return SHAPE.map(([id, parent, role]) => {
    const base = { id, parent, text: String(id), at: id, removedAt: removed.includes(id) ? 100 + id : null }
    if (role === 'user') return { ...base, role }
    return { ...base, role, continuedFrom: id === 7 ? 6 : null } as AssistantMessage
  })
}

const tree = (...removed: number[]) => treeOf(messages(removed))
const ids = (branch: readonly MessageRecord[]) => branch.map(({ id }) => id)

describe('branchTo', () => {
  it.each([
    [3, [0, 1, 2, 3]],
    [1, [0, 1]],
    [5, [4, 5]],
    [7, [0, 7]],
    [null, []],
    [99, []],
  ])('leads to %s by way of %j', (leaf, expected) => {
    expect(ids(branchTo(tree(), leaf))).toEqual(expected)
  })

  it.each([
    [3, [3], [0, 1, 2]],
    [3, [2], [0, 1]],
    [3, [2, 1], [0]],
    [3, [0], []],
  ])('to %i ends before the first deleted of %j', (leaf, removed, expected) => {
    expect(ids(branchTo(tree(...removed), leaf))).toEqual(expected)
  })

  it('does not depend on the order in which messages are stored', () => {
    expect(ids(branchTo(treeOf(messages().reverse()), 3))).toEqual([0, 1, 2, 3])
  })

  it.each([
    ['a missing parent', 8],
    ['itself', 3],
    ['a later message', 5],
  ])('is empty where a message follows %s', (_, parent) => {
    const broken = messages().map((message) => (message.id === 3 ? { ...message, parent } : message))
    expect(branchTo(treeOf(broken), 3)).toEqual([])
  })
})

describe('branchesOf', () => {
  it.each([
    [0, [0, 4]],
    [4, [0, 4]],
    [2, [2]],
    [1, [1, 7]],
    [7, [1, 7]],
    // A reply that was continued stands aside, unless it is the one that is looked at.
    [6, [1, 6, 7]],
    [99, []],
  ])('of %i are %j', (id, expected) => {
    expect(branchesOf(tree(), id)).toEqual(expected)
  })

  it('leave out deleted ones, and bring back what a deleted one had gone on from', () => {
    expect(branchesOf(tree(7), 1)).toEqual([1, 6])
    expect(branchesOf(tree(4), 0)).toEqual([0])
    expect(branchesOf(tree(1), 3)).toEqual([])
  })
})

describe('newestLeaf', () => {
  it.each([
    [0, [], 7],
    [1, [], 3],
    [4, [], 5],
    [3, [], 3],
    [0, [7], 6],
    [0, [6, 7], 3],
    [0, [6, 7, 2], 1],
  ])('of %i without %j is %i', (id, removed, expected) => {
    expect(newestLeaf(tree(...removed), id)).toBe(expected)
  })
})

describe('leafWithout', () => {
  it.each([
    // The end of a branch: what it followed.
    [3, [], 2],
    [2, [], 1],
    // One of several: its neighbour, the earlier one first.
    [7, [], 6],
    [1, [], 6],
    [4, [], 7],
    [0, [], 5],
    // The last beginning.
    [0, [4], null],
    [99, [], null],
  ])('%i (and without %j) is %s', (id, removed, expected) => {
    expect(leafWithout(tree(...removed), id)).toBe(expected)
  })

  it('never shows what is deleted', () => {
    for (const [first] of SHAPE) {
      for (const [second] of SHAPE) {
        if (first === second) continue
        const leaf = leafWithout(tree(first), second)
        expect(branchTo(tree(first, second), leaf).some(({ id }) => id === first || id === second)).toBe(
          false,
        )
      }
    }
  })
})

it('follows tells what comes after a message on some branch', () => {
  expect(follows(tree(), 3, 0)).toBe(true)
  expect(follows(tree(), 3, 3)).toBe(true)
  expect(follows(tree(), 5, 0)).toBe(false)
  expect(follows(tree(), 99, 0)).toBe(false)
})

it('what was deleted before a time goes with all that follows it', () => {
  expect(removedBefore(messages([1, 4]), 104)).toEqual([1, 2, 3])
  expect(removedBefore(messages([1, 4]), 105)).toEqual([1, 2, 3, 4, 5])
  expect(removedBefore(messages().reverse(), 1000)).toEqual([])
})
