/**
 * A benchmark run as a JSON file that holds everything and loses nothing, with a receipt of what it was measured
 * with. `public/schemas/somnus-run-2.schema.json` describes it for other programs; a run of several replies a question
 * is written by version 3, every other one by version 2 as before.
 *
 * It can leave the questions out: AnesBench's terms (C-UDA 1.0) leave results free but allow passing its items on
 * only under the same terms, so results can be shared without them.
 */
import type { Interruption, RunHistory, RunStart } from '../run/history'
import type { DrawnSample, LaterScores, RunSamples } from '../run/samples'
import type { RunState } from '../run/summary'
import type { Answer, RunPlan, Shots } from '../run/types'
import type { ScoredGroup, Score } from '../score/accuracy-table'
import type { GroupTable } from '../score/group-table'
import type { ReplySummary } from '../score/replies'
import { byScoring, scoringsOf, verdict, type ByScoring, type Scoring } from '../score/verdict'
import type { Sha256 } from '../sha256'
import { canonicalJson, canonicalJsonParts } from './canonical-json'
import { inOrderAsked, type ExportableRun } from './exportable-run'
import { exportedItem, type ExportedItem } from './exported-item'
import { RUN_SCHEMA, SAMPLED_RUN_SCHEMA } from './run-schema'
import { receiptFacts, type Receipt } from './receipt'

export const RUN_EXPORT_FORMAT = 'somnus-run'
export const RUN_EXPORT_VERSION = 2
export const SAMPLED_RUN_EXPORT_VERSION = 3

export interface ExportOptions {
  /** False leaves out stems and option texts; replies may still quote them. */
  includeQuestions: boolean
}

/** The hashes that an export needs; core has no implementation. */
export interface ExportHashing {
  /** SHA-256 (hex) of a text in UTF-8. */
  sha256: (text: string) => string
  /** A fresh hash. */
  file: Sha256
  encode: (text: string) => Uint8Array
}

/** An answer with its item in export form; what `Answer` says of the rest holds here. */
export interface ExportedAnswer extends Omit<Answer, 'item'> {
  item: ExportedItem
  /** Whether each scoring's letter is the key, for the scorings that the protocol has. */
  correct: Partial<ByScoring<boolean>>
  /** From version 3 on: the replies that the answer was chosen from, in the order drawn. */
  samples?: readonly DrawnSample[]
  /** From version 3 on: what other scorers said of them later. */
  laterScores?: readonly LaterScores[]
}

/** The plan with the examples' items in export form. */
export interface ExportedPlan extends Omit<RunPlan, 'shots'> {
  shots: (Omit<Shots, 'items'> & { items: ExportedItem[] }) | null
}

/** A group of answers in the scorings that the protocol has. */
export type ExportedGroup = Omit<ScoredGroup, Scoring> & Partial<ByScoring<Score>>

/** The JSON file; `run-versions.ts` says which version has which members. Fractions are 0 to 1, durations in ms, hashes hexadecimal SHA-256. */
export interface RunExport {
  $schema: typeof RUN_SCHEMA | typeof SAMPLED_RUN_SCHEMA
  format: typeof RUN_EXPORT_FORMAT
  version: typeof RUN_EXPORT_VERSION | typeof SAMPLED_RUN_EXPORT_VERSION
  exportedAt: number
  /** Whether the text of every question is there. */
  questionsIncluded: boolean
  receipt: Receipt
  plan: ExportedPlan
  state: RunState
  /** One stretch each without interruption; all but the first are resumptions. */
  sessions: RunStart[]
  interruptions: Interruption[]
  ended: RunHistory['ended']
  tables: { accuracy: GroupTable<ExportedGroup>; replies: ReplySummary }
  flags: { position: number; itemId: string; note: string }[]
  /** From version 3 on: the samples that the next question has already. */
  openSamples?: readonly DrawnSample[]
  /** Of every question asked, by position; those with a rotation are in no table. */
  answers: ExportedAnswer[]
  /** SHA-256 over the canonical JSON (RFC 8785) of everything else in the file, see `receiptSha256`. */
  receiptSha256: string
}

/** Makes the export in steps of one answer; what it returns at the end is the file's content. */
export function* runExport(
  run: ExportableRun,
  options: ExportOptions,
  exportedAt: number,
  hashing: ExportHashing,
): Generator<undefined, RunExport> {
  const { plan } = run
  const samples = samplesOf(run)
  const itemOf = (item: Answer['item'], rotation: number) =>
    exportedItem(item, rotation, options.includeQuestions, hashing.sha256)
  const answers: ExportedAnswer[] = []
  const answerHashes: string[] = []
  const asked = inOrderAsked(run)
  for (const answer of asked) {
    const exported = {
      ...answer,
      item: itemOf(answer.item, answer.rotation),
      correct: correctOf(answer, plan),
      ...(samples && {
        samples: samples.get(answer.position)?.samples ?? [],
        laterScores: samples.get(answer.position)?.later ?? [],
      }),
    }
    answers.push(exported)
    answerHashes.push(hashing.sha256(answerLine(exported)))
    yield
  }
  const resultsSha256 = hashing.sha256(answerHashes.join('\n'))
  yield
  const content = {
    $schema: samples ? SAMPLED_RUN_SCHEMA : RUN_SCHEMA,
    format: RUN_EXPORT_FORMAT,
    version: samples ? SAMPLED_RUN_EXPORT_VERSION : RUN_EXPORT_VERSION,
    exportedAt,
    questionsIncluded: options.includeQuestions && answers.every(({ item }) => item.stem !== undefined),
    receipt: { ...receiptFacts(plan, run, asked), resultsSha256 },
    plan: {
      ...plan,
      shots: plan.shots && { ...plan.shots, items: plan.shots.items.map((item) => itemOf(item, 0)) },
    },
    state: run.state,
    sessions: run.starts,
    interruptions: run.interruptions,
    ended: run.ended,
    tables: { accuracy: scoredTable(run), replies: run.tables.replies },
    flags: exportedFlags(run.flags, asked),
    ...(samples && { openSamples: samples.get(asked.length)?.samples ?? [] }),
    answers,
  } as const
  return { ...content, receiptSha256: yield* receiptSha256(content, hashing) }
}

/**
 * The hash of an export, in steps of one answer: of the canonical JSON (RFC 8785) of all its members but
 * `receiptSha256`. It shows accidents and edits; whoever edits a file can also compute the hash anew, so it is no
 * signature.
 */
export function* receiptSha256(
  exported: Omit<RunExport, 'receiptSha256'> & { receiptSha256?: string },
  { file, encode }: Pick<ExportHashing, 'file' | 'encode'>,
): Generator<undefined, string> {
  for (const part of canonicalJsonParts({ ...exported, receiptSha256: undefined })) {
    file.update(encode(part))
    yield
  }
  return file.hex()
}

/** An answer as `receipt.resultsSha256` has it: the same with and without questions, and whoever scored steps later. */
export function answerLine({ item, ...answer }: ExportedAnswer): string {
  return canonicalJson({
    ...answer,
    laterScores: undefined,
    item: { ...item, stem: undefined, options: undefined },
  })
}

/** The JSON file in pieces of one answer, for writing a long one without holding up the page. */
export function* runJsonParts({ answers, receiptSha256, ...head }: RunExport): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"answers":[`
  for (const [index, answer] of answers.entries()) yield (index === 0 ? '\n' : ',\n') + JSON.stringify(answer)
  yield `\n],"receiptSha256":${JSON.stringify(receiptSha256)}}\n`
}

/** Null where the plan has no strategy. A run that has one and comes without its samples would export half of itself. */
function samplesOf({ plan, samples }: ExportableRun): RunSamples | null {
  if (!plan.strategy) return null
  if (!samples) throw new Error('The samples of the run are missing')
  return samples
}

function correctOf(answer: Answer, { protocol }: RunPlan): Partial<ByScoring<boolean>> {
  return Object.fromEntries(
    scoringsOf(protocol).map((scoring) => [scoring, verdict(answer, scoring) === 'right']),
  )
}

function scoredTable({ plan, tables }: ExportableRun): GroupTable<ExportedGroup> {
  const scorings = scoringsOf(plan.protocol)
  const kept = byScoring((scoring) => scorings.includes(scoring))
  const scored = ({ official, strict, forward, ...group }: ScoredGroup): ExportedGroup => ({
    ...group,
    ...(kept.official && { official }),
    ...(kept.strict && { strict }),
    ...(kept.forward && { forward }),
  })
  const scoredRow = <Row extends { group: ScoredGroup }>(row: Row) => ({ ...row, group: scored(row.group) })
  const { cells, byLanguage, byLevel, total } = tables.accuracy
  return {
    cells: cells.map(scoredRow),
    byLanguage: byLanguage.map(scoredRow),
    byLevel: byLevel.map(scoredRow),
    total: scored(total),
  }
}

function exportedFlags(flags: ExportableRun['flags'], asked: readonly Answer[]): RunExport['flags'] {
  return asked.flatMap(({ position, item }) => {
    const note = flags[position]
    return note === undefined ? [] : [{ position, itemId: item.id, note }]
  })
}
