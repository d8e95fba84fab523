import { describe, expect, it } from 'vitest'
import { Notices } from '#app/notices.svelte'
import type { Comparisons } from '#app/comparisons.svelte'
import type { Studies } from '#app/studies.svelte'
import type { ComparisonRecord } from '#core/chat/comparison'
import type { StudyEvent, StudyRecord } from '#core/study/types'
import { Locale } from '#i18n/locale.svelte'
import { removeComparisons } from '#ui/chat/compare/remove-comparisons.ts'
import { removeStudy } from '#ui/lab/remove-study.ts'
import { removeNamed } from '#ui/remove-with-undo.ts'

const full = () => Promise.reject(new Error('QuotaExceededError'))
const surroundings = () => ({ locale: new Locale('en'), notices: new Notices(() => undefined) })

describe('the deletion of an entry', () => {
  it('offers the way back', async () => {
    const stores = surroundings()
    let isThere = false
    const undo = () => Promise.resolve((isThere = true))
    const isRemoved = await removeNamed(
      () => Promise.resolve(undo),
      'MAC',
      (name) => `${name} gone`,
      stores,
    )
    expect([isRemoved, isThere]).toEqual([true, false])
    expect(stores.notices.list).toMatchObject([{ text: 'MAC gone', kind: 'info' }])
    stores.notices.undo()
    await expect.poll(() => isThere).toBe(true)
  })

  it('says that the way back could not be stored', async () => {
    const stores = surroundings()
    await removeNamed(
      () => Promise.resolve(full),
      'MAC',
      (name) => name,
      stores,
    )
    stores.notices.undo()
    const told = { text: stores.locale.t.removal.undoFailed('MAC'), kind: 'bad' }
    await expect.poll(() => stores.notices.list.at(-1)).toMatchObject(told)
  })

  it.each<[string, (stores: ReturnType<typeof surroundings>) => Promise<unknown>]>([
    ['any', (stores) => removeNamed(full, 'MAC', (name) => name, stores)],
    [
      'a study',
      (stores) =>
        removeStudy(
          { remove: full } as unknown as Studies<StudyEvent>,
          { name: 'MAC' } as StudyRecord,
          stores,
        ),
    ],
    [
      'comparisons',
      (stores) =>
        removeComparisons(
          [{ question: 'MAC' } as ComparisonRecord],
          { remove: full } as unknown as Comparisons,
          stores,
        ),
    ],
  ])('says that it could not be stored: %s', async (_, remove) => {
    const stores = surroundings()
    await remove(stores)
    const text = stores.locale.t.removal.failed('MAC')
    expect(stores.notices.list).toMatchObject([{ text, kind: 'bad' }])
  })
})
