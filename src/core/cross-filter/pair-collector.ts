import type { FileFailure } from '../dataset/failure'
import { languageOfFileName } from '../dataset/language'
import { addProblem, type ProblemList } from '../dataset/problem'
import type { RowVisitor } from '../dataset/row'
import { MAX_PAIRS } from './limits'
import { readPair } from './read-pair'
import type { SourcePair } from './types'

/** Gathers the pairs of one import over its files, and the problems of the other rows. Pairs may be alike. */
export class PairCollector {
  readonly pairs: SourcePair[] = []
  readonly problems: ProblemList = { listed: [], total: 0 }

  /**
   * Reads one file: `read` hands every row to the visitor it gets, and stops when that returns false. A failure after the
   * first row leaves the pairs before it.
   */
  async addFile(
    file: string,
    read: (visit: RowVisitor) => Promise<FileFailure | null>,
  ): Promise<FileFailure | null> {
    const language = languageOfFileName(file)
    let rows = 0
    let isFull = false
    const failed = await read((row) => {
      rows += 1
      if (row.kind === 'problem') {
        addProblem(this.problems, { file, row: row.row, ...row.problem })
        return true
      }
      const reading = readPair(row.value, language)
      if (!reading.ok) {
        addProblem(this.problems, { file, row: row.row, ...reading.problem })
        return true
      }
      isFull = this.pairs.length === MAX_PAIRS
      if (!isFull) this.pairs.push({ ...reading.pair, file, row: row.row })
      return !isFull
    })
    if (isFull) return { kind: 'too-many-rows', file, limitRows: MAX_PAIRS }
    if (failed && rows > 0) {
      const found = 'detail' in failed ? failed.detail : failed.kind
      addProblem(this.problems, { file, row: rows + 1, field: '', code: 'damaged', expected: '', found })
      return null
    }
    return failed ?? (rows === 0 ? { kind: 'no-rows', file } : null)
  }
}

/** What an import of pairs found. Nothing is stored yet. */
export interface PairImport {
  files: { name: string; sha256: string }[]
  /** Files that gave nothing, beside others that did. */
  failures: FileFailure[]
  pairs: SourcePair[]
  problems: ProblemList
}
