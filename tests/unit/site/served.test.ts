import { describe, expect, test } from 'vitest'
import { confirmStart, firstServed, MOST_ATTEMPTS, openPage, take, type Served } from '#core/site/served'

/** `count` pages are opened one after the other, and none reports a start. */
function openPages(served: Served, count: number): Served {
  return Array.from({ length: count }).reduce<Served>(openPage, served)
}

describe('which build the pages get', () => {
  test('a first build has none to go back to, however often its pages do not start', () => {
    expect(openPages(firstServed('one'), 10)).toEqual(firstServed('one'))
  })

  test('a taken build that starts stays', () => {
    const started = confirmStart(openPage(take(firstServed('one'), 'two')))
    expect(openPages(started, 10)).toMatchObject({ build: 'two', previous: null, failed: null })
  })

  test('a taken build that does not start gives way, and is named', () => {
    const taken = take(firstServed('one'), 'two')
    expect(openPages(taken, MOST_ATTEMPTS).build).toBe('two')
    const back = openPages(taken, MOST_ATTEMPTS + 1)
    expect(back).toMatchObject({ build: 'one', failed: 'two' })
    expect(openPages(back, 10)).toEqual(back)
  })

  test('tabs that reload together are one attempt', () => {
    const taken = take(firstServed('one'), 'two', 5)
    expect(openPages(taken, 5).build).toBe('two')
    expect(openPages(taken, 5 + MOST_ATTEMPTS - 1).build).toBe('two')
    expect(openPages(taken, 5 + MOST_ATTEMPTS).build).toBe('one')
    expect(take(firstServed('one'), 'two', 0)).toMatchObject({ attempts: 0 })
  })

  test('it can be tried again', () => {
    const back = openPages(take(firstServed('one'), 'two'), MOST_ATTEMPTS + 1)
    expect(take(back, 'two')).toEqual({ build: 'two', previous: 'one', attempts: 0, failed: null })
  })

  test('a build taken over one that has not started yet goes back to the last that did', () => {
    const third = take(openPage(take(firstServed('one'), 'two')), 'three')
    expect(openPages(third, MOST_ATTEMPTS + 1).build).toBe('one')
  })

  test('taking the build in use changes nothing', () => {
    const served = firstServed('one')
    expect(take(served, 'one')).toBe(served)
  })
})
