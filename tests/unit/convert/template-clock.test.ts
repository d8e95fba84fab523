import { expect, it } from 'vitest'
import { DAY, OTHER_DAY, strftime } from '#core/convert/template-clock'

it('writes a day as strftime does', () => {
  expect(strftime(DAY)('%d %b %Y, %A %-m/%d/%y %H:%M %Q')).toBe('26 Jul 2024, Friday 7/26/24 12:00 %Q')
  expect(strftime(OTHER_DAY)('%Y-%m-%d %a %B')).toBe('2031-11-17 Mon November')
})

it('its days are days of the calendar that have nothing in common', () => {
  for (const day of [DAY, OTHER_DAY]) {
    const date = new Date(`${strftime(day)('%Y-%m-%d')}T12:00:00Z`)
    expect(date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })).toBe(day['A'])
    expect(date.toLocaleDateString('en', { month: 'long', timeZone: 'UTC' })).toBe(day['B'])
  }
  for (const letter of 'aAdmbBYy') expect(DAY[letter]).not.toBe(OTHER_DAY[letter])
})
