import { describe, expect, it } from 'vitest'
import { loadSeeds, makeCase, type Seed } from '../../../scripts/fuzz/cases'
import { createTargets, type Files } from '../../../scripts/fuzz/targets'

/** A share of the 20,000 that `npm run fuzz` tries, with other random numbers. */
const CASES = 2000
const SEED = 2026

/** Not a bar: that is held by `npm run fuzz`, which measures. On a busy computer a share of the cases takes long. */
const TIMEOUT_MS = 60_000

const targets = await createTargets()

describe.each(targets.map((target, position) => ({ target, position, name: target.name })))(
  'mutated files: $name',
  ({ target, position }) => {
    const seeds = loadSeeds(target)

    it(
      'are read or refused, and throw nothing',
      async () => {
        const counts = { accepted: 0, refused: 0 }
        for (let index = 0; index < Math.ceil(CASES / targets.length); index++) {
          const files = makeCase(seeds, position, SEED, index)
          counts[await target.read(files).catch((error) => fail(target.name, index, error))]++
        }
        // Were all refused at the door, nothing behind it would have been tried.
        expect(counts.accepted).toBeGreaterThan(10)
      },
      TIMEOUT_MS,
    )
  },
)

function fail(name: string, index: number, error: unknown): never {
  throw new Error(`${name}, case ${index} of seed ${SEED}`, { cause: error })
}

describe('the cases', () => {
  const seeds: Seed[] = [
    { name: 'one', files: new Map([['one.json', bytes('{"list":[{"id":1,"text":"a"}],"end":2}')]]) },
  ]
  const textOf = (files: Files) => new TextDecoder().decode(files.get('one.json'))
  const texts = (seed: number) =>
    Array.from({ length: 600 }, (_, index) => textOf(makeCase(seeds, 3, seed, index)))
  const cases = texts(1)

  it('begin with the seeds and are the same for the same numbers', () => {
    expect(cases[0]).toBe('{"list":[{"id":1,"text":"a"}],"end":2}')
    expect(texts(1)).toEqual(cases)
    expect(new Set([...cases, ...texts(2)]).size).toBeGreaterThan(800)
  })

  it.each<[string, (text: string) => unknown]>([
    [
      'a reader that trusts the shape',
      (text) => (JSON.parse(text) as { list: { id: number }[] }).list.map(({ id }) => id),
    ],
    ['a reader that copies keys', (text) => ownKeysOnly(JSON.parse(text))],
    ['a reader that recurses', (text) => depth(JSON.parse(text))],
  ])('find %s', (_, read) => {
    const errors = cases.flatMap((text) => {
      try {
        JSON.parse(text)
      } catch {
        return []
      }
      try {
        read(text)
        return []
      } catch (error) {
        return [error]
      }
    })
    expect(errors.length).toBeGreaterThan(0)
  })
})

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function ownKeysOnly(value: unknown): void {
  if (value === null || typeof value !== 'object') return
  for (const key of Object.keys(value)) if (key === '__proto__') throw new Error('a prototype as a key')
  for (const inner of Object.values(value).slice(0, 10)) if (depthIsSmall(inner)) ownKeysOnly(inner)
}

function depthIsSmall(value: unknown): boolean {
  let at = value
  for (let level = 0; level < 100; level++) {
    if (at === null || typeof at !== 'object') return true
    at = Object.values(at)[0]
  }
  return false
}

function depth(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0
  return 1 + Math.max(0, ...Object.values(value).slice(0, 10).map(depth))
}
