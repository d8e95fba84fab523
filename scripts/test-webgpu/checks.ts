/** Lines of PASS, FAIL and SKIP, and whether all is well. */
export class Checks {
  #failed = 0

  get allPassed(): boolean {
    return this.#failed === 0
  }

  /** Reports a check and gives whether it passed. */
  check(name: string, passed: boolean, detail: string): boolean {
    if (!passed) this.#failed += 1
    console.log(`${passed ? 'PASS' : 'FAIL'}  ${name}: ${detail}`)
    return passed
  }

  skip(name: string, reason: string): void {
    console.log(`SKIP  ${name}: ${reason}`)
  }

  /** Where a long check stands; on standard error, so that the report stays short. */
  progress(text: string): void {
    console.error(`      ${text}`)
  }

  /** A measurement, which cannot fail. */
  say(name: string, value: string): void {
    console.log(`      ${name}: ${value}`)
  }
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
