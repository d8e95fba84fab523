import { afterEach, describe, expect, it, vi } from 'vitest'
import { chatFileName } from '#core/chat/files/file-name'
import { comparisonsFileName } from '#core/chat/comparison-file'
import { filterFileName } from '#core/cross-filter/export'
import { calendarDay } from '#core/export/calendar-day'
import { comparisonFileName } from '#core/export/comparison-export'
import { exportFileName } from '#core/export/file-name'
import { openFileName } from '#core/open-ended/export'
import { reportFileName } from '#core/privacy/report'
import { verificationFileName } from '#core/receipt/verification-export'
import { makePlan } from '../run/fixtures'

afterEach(() => vi.unstubAllEnvs())

/** Half past midnight of the 22nd in China. */
const AT = Date.UTC(2026, 10, 21, 16, 30)

describe('the day in names of files', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-22'],
    ['UTC', '2026-11-21'],
    ['America/Los_Angeles', '2026-11-21'],
  ])('is that of the calendar in %s', (zone, day) => {
    vi.stubEnv('TZ', zone)
    expect(calendarDay(AT)).toBe(day)
  })

  it('is written with two digits for month and day', () => {
    expect(calendarDay(new Date(2026, 2, 9).getTime())).toBe('2026-03-09')
  })

  it('is the user’s in all of them', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai')
    const madeAt = new Date(AT).toISOString()
    const names = [
      chatFileName('chat', 'MAC', AT, 'html'),
      comparisonsFileName(AT, 'csv'),
      filterFileName('kept', AT, 'jsonl'),
      comparisonFileName(AT, 'csv'),
      exportFileName({ ...makePlan(1), createdAt: AT }, 'csv'),
      openFileName('all', AT, 'json'),
      reportFileName({ madeAt } as Parameters<typeof reportFileName>[0], 'html'),
      verificationFileName(AT),
    ]
    expect(names.filter((name) => !name.includes('-2026-11-22.'))).toEqual([])
  })
})
