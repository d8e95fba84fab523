/**
 * Compares the official-compatible extraction with letters that AnesBench's own code gave.
 *
 * Usage: npm run -s check:extraction -- FILE.jsonl
 * Each row: {"options": {"A": "…", "B": "…"}, "reply": "…", "official": "B", "path": "pattern" | "fuzzy"};
 * `path` may be left out.
 * Exit code 0 if all pattern rows and at least 97% of the other rows agree, else 1.
 */
import { readFile } from 'node:fs/promises'
import { officialExtraction } from '#core/answer/official'
import { MAX_OPTIONS } from '#core/answer/types'
import { optionLetter } from '#core/prompt/question'

/** What the other rows must reach: fuzzy ones hang on the version of a similarity library, so not on every tie. */
const FUZZY_TARGET = 0.97
const PATHS = ['pattern', 'fuzzy', 'unmarked'] as const
type Path = (typeof PATHS)[number]

interface Row {
  number: number
  options: string[]
  reply: string
  official: string
  path: Path
}

interface Comparison {
  row: Row
  got: string
}

export async function main(args: string[]): Promise<number> {
  const [file, ...more] = args
  if (file === undefined || more.length > 0) {
    console.error('Usage: npm run -s check:extraction -- FILE.jsonl')
    return 1
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    console.error(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`)
    return null
  })
  if (text === null) return 1
  const { rows, problems } = parseRows(text)
  for (const problem of problems) console.error(`${file}, ${problem}`)
  if (rows.length === 0 && problems.length === 0) console.error(`${file}: no rows`)
  const agrees = report(rows.map(compare))
  return agrees && rows.length > 0 && problems.length === 0 ? 0 : 1
}

function compare(row: Row): Comparison {
  const extraction = officialExtraction(row.reply, row.options)
  return { row, got: extraction.kind === 'letter' ? extraction.letter : extraction.reason }
}

/** Prints counts and disagreements; whether every path reaches what it must. */
function report(comparisons: readonly Comparison[]): boolean {
  const wrong = comparisons.filter(({ row, got }) => got !== row.official)
  console.log(`${comparisons.length - wrong.length} of ${comparisons.length} agree`)
  const reached = PATHS.map((path) => {
    const all = comparisons.filter(({ row }) => row.path === path).length
    if (all === 0) return true
    const agreeing = all - wrong.filter(({ row }) => row.path === path).length
    console.log(`${path}: ${agreeing} of ${all} agree`)
    return agreeing / all >= (path === 'pattern' ? 1 : FUZZY_TARGET)
  })
  for (const { row, got } of wrong) {
    console.log(`row ${row.number} (${row.path}): official ${row.official}, ours ${got}`)
    console.log(`  reply ${JSON.stringify(row.reply)}`)
    console.log(`  options ${JSON.stringify(row.options)}`)
  }
  return reached.every(Boolean)
}

export function parseRows(text: string): { rows: Row[]; problems: string[] } {
  const rows: Row[] = []
  const problems: string[] = []
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() === '') return
      const row = parseRow(line, index + 1)
      if (typeof row === 'string') problems.push(`row ${index + 1}: ${row}`)
      else rows.push(row)
    })
  return { rows, problems }
}

/** The row, or what was expected instead. */
function parseRow(line: string, number: number): Row | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'expected one JSON object'
  }
  if (!isRecord(value)) return 'expected one JSON object'
  const { reply, official, path = 'unmarked' } = value
  const options = optionTexts(value.options)
  if (!options) return `options: expected texts named A, B, … without gaps, at most ${MAX_OPTIONS}`
  if (typeof reply !== 'string') return 'reply: expected a text'
  if (typeof official !== 'string' || !/^[A-Z]$/.test(official)) return 'official: expected one letter'
  const known = PATHS.find((candidate) => candidate === path)
  if (!known) return 'path: expected "pattern" or "fuzzy"'
  return { number, options, reply, official, path: known }
}

/** Texts in letter order. */
function optionTexts(value: unknown): string[] | null {
  if (!isRecord(value)) return null
  const count = Object.keys(value).length
  const texts = Array.from({ length: count }, (_, index) => value[optionLetter(index)])
  const isComplete = count > 0 && count <= MAX_OPTIONS && texts.every((text) => typeof text === 'string')
  return isComplete ? texts : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
