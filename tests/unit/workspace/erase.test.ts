import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isErased } from '#app/erase-everything'
import { eraseAll, type Erasure, type Part } from '#data/workspace/erase'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A part that keeps `names` until they are erased; `erase` may refuse. */
function part(
  name: Part['part'],
  names: string[],
  erase?: (tries: number) => void,
): Part & { tries: number } {
  const made = {
    part: name,
    tries: 0,
    list: () => Promise.resolve([...names]),
    async erase(each: string) {
      made.tries += 1
      erase?.(made.tries)
      names.splice(names.indexOf(each), 1)
      await Promise.resolve()
    },
  }
  return made
}

function refuse(): never {
  throw new DOMException('in use', 'NoModificationAllowedError')
}

async function erased(parts: readonly Part[]): Promise<Erasure[]> {
  const done = eraseAll(parts)
  await vi.runAllTimersAsync()
  return done
}

describe('erasing', () => {
  it('goes on with the other parts where one refuses, and tells which and what is left', async () => {
    const files = part('files', ['models'], refuse)
    const caches = part('caches', ['somnus-build'])
    const told = await erased([part('databases', ['somnus', 'somnus-ledger']), files, caches])
    expect(told).toEqual([
      { part: 'databases', before: ['somnus', 'somnus-ledger'], after: [], problem: null },
      { part: 'files', before: ['models'], after: ['models'], problem: 'refused' },
      { part: 'caches', before: ['somnus-build'], after: [], problem: null },
    ])
    expect(told.map(isErased)).toEqual([true, false, true])
    expect(files.tries).toBeGreaterThan(1)
    expect(caches.tries).toBe(1)
  })

  it('tries again what was busy, and then tells no problem', async () => {
    const files = part('files', ['models'], (tries) => tries < 3 && refuse())
    const [told] = await erased([files])
    expect(told).toEqual({ part: 'files', before: ['models'], after: [], problem: null })
  })

  it('erases again what came back while other parts were erased', async () => {
    const names = ['somnus-ledger']
    const ledger = part('databases', names)
    const caches = part('caches', ['somnus-build'], () => void names.push('somnus-ledger'))
    const told = await erased([ledger, caches])
    expect(told.every(isErased)).toBe(true)
    expect(ledger.tries).toBe(2)
  })

  it('says that it does not know where a part cannot be listed', async () => {
    const [told] = await erased([{ ...part('caches', []), list: () => Promise.reject(new Error('no')) }])
    expect(told).toEqual({ part: 'caches', before: null, after: null, problem: null })
  })
})
