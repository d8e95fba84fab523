import type { Result } from '../result'
import { failure, success } from '../result'
import type { FileFailure } from './failure'
import type { Item, ItemCounts } from './item'
import { languageOfFileName } from './language'
import { MAX_ROWS } from './limits'
import { addProblem, shorten, type FieldProblem, type ProblemList } from './problem'
import { readRow } from './read-row'
import type { SourceRow } from './row'

/** How one file was read. */
export interface FileTally {
  rows: number
  items: number
  /** How its first question begins. */
  sample: string
}

/** Gathers the good items of one import over its files, and the problems of the other rows. */
export class ItemCollector {
  readonly items: Item[] = []
  readonly problems: ProblemList = { listed: [], total: 0 }
  readonly counts: ItemCounts = { en: emptyCounts(), zh: emptyCounts() }
  /** How many items have this many options. */
  readonly optionCounts: Record<number, number> = {}
  /** Where an id was seen first, by language and id. */
  readonly #ids = { en: new Map<string, string>(), zh: new Map<string, string>() }
  #rows = 0

  /**
   * Reads one file: `read` hands every row to the visitor it gets, and stops when that returns false.
   * A file whose rows all lack a question has the wrong shape; its row problems would say nothing more.
   * A failure after the first row leaves the rows before it.
   */
  async addFile(
    file: string,
    read: (visit: (row: SourceRow) => boolean) => Promise<FileFailure | null>,
  ): Promise<Result<FileTally, FileFailure>> {
    const language = languageOfFileName(file)
    const rowsBefore = this.#rows
    const itemsBefore = this.items.length
    const problemsBefore = { listed: this.problems.listed.length, total: this.problems.total }
    let shapeless = 0
    let firstFields: string[] = []
    const failed = await read((row) => {
      if (this.#rows === MAX_ROWS) {
        this.#rows++
        return false
      }
      this.#rows++
      if (row.kind === 'problem') {
        this.#addProblem(file, row.row, row.problem)
        return true
      }
      const { items, problems } = readRow(row.value, row.row, language)
      for (const problem of problems) {
        if (problem.code === 'no-question' || problem.code === 'not-an-object') shapeless++
        this.#addProblem(file, row.row, problem)
      }
      if (shapeless === 1 && firstFields.length === 0) firstFields = fieldNames(row.value)
      for (const item of items) this.#addItem(item, file, row.row)
      return true
    })
    const rows = this.#rows - rowsBefore
    if (failed && rows === 0) return failure(failed)
    if (failed) this.#addProblem(file, rows + 1, damaged(failed))
    if (this.#rows > MAX_ROWS) return failure({ kind: 'too-many-rows', file, limitRows: MAX_ROWS })
    if (rows === 0) return failure({ kind: 'no-rows', file })
    if (shapeless === rows) {
      this.problems.listed.length = problemsBefore.listed
      this.problems.total = problemsBefore.total
      return failure({ kind: 'wrong-shape', file, found: firstFields })
    }
    const sample = shorten(this.items[itemsBefore]?.stem ?? '')
    return success({ rows, items: this.items.length - itemsBefore, sample })
  }

  #addProblem(file: string, row: number, problem: FieldProblem): void {
    addProblem(this.problems, { file, row, ...problem })
  }

  #addItem(item: Item, file: string, row: number): void {
    const ids = this.#ids[item.language]
    const seen = ids.get(item.id)
    if (seen !== undefined) {
      this.#addProblem(file, row, { field: 'id', code: 'duplicate-id', expected: seen, found: item.id })
      return
    }
    ids.set(item.id, `${file}: ${row}`)
    this.items.push(item)
    this.counts[item.language][item.level ?? 'unlabelled'] += 1
    this.optionCounts[item.options.length] = (this.optionCounts[item.options.length] ?? 0) + 1
  }
}

function damaged(failed: FileFailure): FieldProblem {
  return { field: '', code: 'damaged', expected: '', found: 'detail' in failed ? failed.detail : failed.kind }
}

const SHOWN_FIELDS = 12

function fieldNames(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value).slice(0, SHOWN_FIELDS) : []
}

function emptyCounts(): Record<'1' | '2' | '3' | 'unlabelled', number> {
  return { 1: 0, 2: 0, 3: 0, unlabelled: 0 }
}
