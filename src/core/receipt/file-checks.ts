/** The claims that a run's file makes about itself, each computed again. */
import { canonicalJsonParts } from '../export/canonical-json'
import { runExport, type ExportHashing, type RunExport } from '../export/run-export'
import { AccuracyCount } from '../score/accuracy-table'
import { replySteps } from '../score/replies'
import type { Sha256 } from '../sha256'
import { disagreements } from './agreement'
import { MAX_POSITIONS, type FileCheck, type FileCheckId } from './file-check'
import type { RunFile } from './read'

export interface CheckHashing {
  /** SHA-256 (hex) of a text in UTF-8. */
  sha256: ExportHashing['sha256']
  encode: ExportHashing['encode']
  /** A fresh hash each time. */
  newHash: () => Sha256
}

/** Checks a file in steps of one answer, by what it would say of itself if it were written anew from its answers. */
export function* checkFile(file: RunFile, hashing: CheckHashing): Generator<undefined, FileCheck[]> {
  const written = yield* writtenAnew(file, hashing)
  const { head } = file.raw
  const tables = disagreements(head['tables'], written.tables, file.version === 1)
  const tableCheck = check('tables', tables.checked, tables.failed)
  const itemCheck = itemHashes(file, written)
  if (file.version === 1) {
    return [...NEW_IN_VERSION_2.map((id) => check(id, 0, 0)), tableCheck, itemCheck]
  }
  const { resultsSha256, ...receipt } = written.receipt
  const block = disagreements(head['receipt'], receipt)
  const results = disagreements(head['receipt'], { resultsSha256 })
  const hash = yield* contentHash(file, hashing)
  return [
    check('file-hash', 1, head['receiptSha256'] === hash ? 0 : 1),
    check('results-hash', results.checked, results.failed),
    check('receipt', block.checked, block.failed),
    tableCheck,
    itemCheck,
  ]
}

const NEW_IN_VERSION_2: readonly FileCheckId[] = ['file-hash', 'results-hash', 'receipt']

/** Whether any claim does not hold: then the file was changed, or written by something else than this app. */
export function isDoubtful(checks: readonly FileCheck[]): boolean {
  return checks.some(({ outcome }) => outcome === 'failed')
}

function check(id: FileCheckId, checked: number, failed: number, positions: number[] = []): FileCheck {
  const outcome = failed > 0 ? 'failed' : checked > 0 ? 'passed' : 'unchecked'
  return { id, outcome, checked, failed, positions }
}

function* writtenAnew(file: RunFile, { sha256, encode, newHash }: CheckHashing) {
  const answers = file.answers.filter(({ rotation }) => rotation === 0)
  const rotated = file.answers.filter(({ rotation }) => rotation !== 0)
  const count = new AccuracyCount()
  for (const answer of answers) {
    count.add([answer])
    yield
  }
  const run = {
    ...file,
    state: { kind: 'finished' } as const,
    answers,
    rotated,
    tables: { accuracy: count.table(), replies: yield* replySteps(answers) },
    flags: {},
  }
  return yield* runExport(run, { includeQuestions: true }, file.exportedAt, {
    sha256,
    encode,
    file: newHash(),
  })
}

/** Over the file as it is, members unknown to this version included. */
function* contentHash({ raw }: RunFile, { encode, newHash }: CheckHashing): Generator<undefined, string> {
  const hash = newHash()
  for (const part of canonicalJsonParts({ ...raw.head, answers: raw.answers, receiptSha256: undefined })) {
    hash.update(encode(part))
    yield
  }
  return hash.hex()
}

function itemHashes(file: RunFile, written: RunExport): FileCheck {
  let checked = 0
  const positions: number[] = []
  for (const [position, claimed] of file.itemSha256.entries()) {
    if (claimed === null || file.answers[position]?.item.withheld !== undefined) continue
    checked += 1
    if (written.answers[position]?.item.sha256 !== claimed) positions.push(position)
  }
  return check('item-hashes', checked, positions.length, positions.slice(0, MAX_POSITIONS))
}
