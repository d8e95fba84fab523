/** The day that templates are told, always the same: a conversion done again must give the same bytes. */

/** By the letters of strftime. */
export type Day = Readonly<Record<string, string>>

const TIME = { H: '12', I: '12', M: '00', S: '00', p: 'PM' }
/** As in MLC's own template for Llama-3.1. */
export const DAY: Day = {
  ...TIME,
  a: 'Fri',
  A: 'Friday',
  d: '26',
  m: '07',
  b: 'Jul',
  B: 'July',
  Y: '2024',
  y: '24',
}
/** Shows whether a template writes the date. */
export const OTHER_DAY: Day = {
  ...{ ...TIME, a: 'Mon', A: 'Monday', d: '17', m: '11', b: 'Nov', B: 'November', Y: '2031', y: '31' },
}

/** Letters that it does not know stay as they are; `%-d` is without a leading zero. */
export function strftime(day: Day): (format: string) => string {
  return (format) =>
    format.replaceAll(/%(-?)([a-zA-Z])/g, (code, bare: string, letter: string) => {
      const text = day[letter] ?? code
      return bare ? text.replace(/^0/, '') : text
    })
}
