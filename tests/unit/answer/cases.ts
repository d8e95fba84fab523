import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A reply with the letter that AnesBench's own code reads from it. */
export interface OfficialCase {
  options: string[]
  reply: string
  official: string
  path: 'pattern' | 'fuzzy'
}

/** Our own cases; the letters come from runs of AnesBench's code beside this project. */
export const fixture = new URL('../../fixtures/official-extraction.jsonl', import.meta.url)

/** More cases, which may lie beside the repository. */
export const golden = new URL('../../../../shared/data/anesbench-extraction-golden.jsonl', import.meta.url)

export const hasGolden = existsSync(fileURLToPath(golden))

export function readCases(file: URL): OfficialCase[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const row = JSON.parse(line) as Omit<OfficialCase, 'options'> & { options: Record<string, string> }
      return { ...row, options: Object.values(row.options) }
    })
}

/** A small repeatable generator (Lehmer): `next(n)` gives an integer from 0 to n - 1. */
export function seeded(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state * 48_271) % 2_147_483_647
    return state % n
  }
}

export function randomText(next: (n: number) => number, alphabet: readonly string[], length: number): string {
  return Array.from({ length }, () => alphabet[next(alphabet.length)]).join('')
}
