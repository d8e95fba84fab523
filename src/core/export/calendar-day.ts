/** The day on the calendar where the user is, e.g. "2026-11-21", for names of files. `at` in ms since 1970. */
export function calendarDay(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
