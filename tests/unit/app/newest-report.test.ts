import { expect, test } from 'vitest'
import { NewestReport } from '#app/newest-report.svelte'

test('one report is made at a time, and then that of the newest state', async () => {
  const asked: number[] = []
  const ends: (() => void)[] = []
  const reports = new NewestReport((state: number) => {
    asked.push(state)
    return new Promise<string>((resolve) => ends.push(() => resolve(`of ${state}`)))
  })
  for (const state of [1, 2, 3]) reports.follow(state)
  expect(asked).toEqual([1])
  ends[0]?.()
  await expect.poll(() => reports.value).toBe('of 1')
  expect(asked).toEqual([1, 3])
  ends[1]?.()
  await expect.poll(() => reports.value).toBe('of 3')
  reports.follow(4)
  expect(asked).toEqual([1, 3, 4])
})
