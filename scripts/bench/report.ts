/** What a part of the bench gives: lines of a table. */
export interface Row {
  name: string
  value: string
  /** Absent where there is no bar. */
  passed?: boolean
}

export interface BenchOptions {
  rounds: number
  prompts: number
  megabytes: number
  /** Asked with several samples each. */
  questions: number
  /** The built site. */
  folder: string
  browser: string | undefined
}

export function rowText({ name, value, passed }: Row, width: number): string {
  const mark = passed === undefined ? '    ' : passed ? 'PASS' : 'FAIL'
  return `${mark}  ${name.padEnd(width)}  ${value}`
}
