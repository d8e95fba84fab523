/** The records that an archive must do without, because reading would refuse it with them; found by the same checks. */
import { isStudyEvent } from '#core/study/check'
import type { StudyKind, StudyRecord } from '#core/study/types'
import { recordMisfit } from '#core/workspace/check-record'
import type { LeftRecord } from '#core/workspace/failure'
import { rowLimit } from '#core/workspace/limits'
import type { Row } from '#core/workspace/row'
import { tableOf, type TableStore, type WorkspaceStore } from '#core/workspace/tables'
import { nameOf } from './compare'

export class LeftRecords {
  readonly #found = new Map<string, LeftRecord>()
  readonly #names = new Map<string, string>()
  /** Of studies: each has events of its own shapes. */
  readonly #kinds = new Map<string, StudyKind>()
  #before = 0

  /** Everything is read once more. */
  again(): void {
    this.#before = this.#found.size
  }

  /** Some were found since then. */
  get grew(): boolean {
    return this.#found.size > this.#before
  }

  get list(): LeftRecord[] {
    return [...this.#found.values()]
  }

  has(store: TableStore, id: string): boolean {
    return this.#found.has(`${store} ${id}`)
  }

  /** Looks at a record, or at a part of the record before it, and at its line in the archive. */
  look(store: WorkspaceStore, row: Row, line: string): void {
    const { store: head, section } = tableOf(store)
    const id = typeof row.key === 'string' ? row.key : row.key[0]
    const key = `${head} ${id}`
    if (store === head && head !== 'drafts') this.#names.set(key, nameOf(head, id, row.value))
    if (store === 'studies') this.#kinds.set(id, (row.value as StudyRecord).kind)
    if (line.length <= rowLimit(store) && this.#isFit(store, id, row)) return
    const bytes = new TextEncoder().encode(line).length
    // A draft has no name but its conversation's, if that has begun.
    const name = this.#names.get(head === 'drafts' ? `conversations ${id}` : key) ?? id
    if (!this.#found.has(key)) this.#found.set(key, { section, name, bytes })
  }

  #isFit(store: WorkspaceStore, id: string, row: Row): boolean {
    const kind = store === 'studyEvents' ? this.#kinds.get(id) : undefined
    return recordMisfit(store, row) === null && (!kind || isStudyEvent(kind, row.value))
  }
}
