/**
 * A run from the file of its export, whoever wrote it. Reading is strict: what is not as a run's file has it is refused
 * with its place, so that nothing later has to doubt a stored run's shape. Whether what it says is true is another
 * question, see `file-checks.ts` and `verify.ts`.
 */
import * as v from 'valibot'
import { RUN_EXPORT_FORMAT } from '../export/run-export'
import { failure, success, type Result } from '../result'
import type { RunHistory } from '../run/history'
import type { QuestionSamples, RunSamples } from '../run/samples'
import type { Answer, RunId, RunPlan } from '../run/types'
import { misfitOf, shorten, type Misfit } from './expected'
import { readJsonFile, type JsonFile, type JsonProblem } from './json-file'
import { readHead, type FileHead } from './read-head'
import { readAnswer, type FileAnswer, type FileVersion } from './read-answer'
import { Count, Time } from './shapes'

/** What a file says; the answers are in the order asked, rotated ones among them. */
export interface RunFile extends RunHistory {
  version: FileVersion
  exportedAt: number
  /** As in the file, but for an imported run's origin, which is how it was made. */
  plan: RunPlan
  answers: Answer[]
  /** The hash that the file gives each answer's item; null in files of version 1. */
  itemSha256: (string | null)[]
  flags: { position: number; note: string }[]
  /** By position, the open question's included; empty before version 3. */
  samples: RunSamples
  /** The file as it is, for what it claims about itself. */
  raw: { head: Record<string, unknown>; answers: unknown[] }
}

export type ReadProblem =
  | JsonProblem
  | { kind: 'other-format' }
  | { kind: 'other-version'; version: number }
  /** `answer` is the number of the answer, from 1; null for a place outside the answers. */
  | ({ kind: 'misfit'; answer: number | null } & Misfit)

const Envelope = v.object({ format: v.literal(RUN_EXPORT_FORMAT), version: Count })
const VERSIONS: readonly number[] = [1, 2, 3] satisfies FileVersion[]

/** Reads the text of a file in steps of one answer. */
export function* readRunFile(text: string): Generator<undefined, Result<RunFile, ReadProblem>> {
  const json = yield* readJsonFile(text, 'answers')
  return json.ok ? yield* runFileOf(json.value) : json
}

/** The same from JSON that was parsed already. */
export function* runFileOf({ head, list }: JsonFile): Generator<undefined, Result<RunFile, ReadProblem>> {
  const envelope = v.safeParse(Envelope, head)
  if (!envelope.success) return failure({ kind: 'other-format' })
  if (!VERSIONS.includes(envelope.output.version)) {
    return failure({ kind: 'other-version', version: envelope.output.version })
  }
  const version = envelope.output.version as FileVersion
  const exportedAt = v.safeParse(v.object({ exportedAt: Time }), head)
  if (!exportedAt.success) return misfit(null, misfitOf(exportedAt.issues[0], ''))
  const read = readHead(head, version)
  if (!read.ok) return misfit(null, read.failure)
  if (list === null) {
    return misfit(null, { place: 'answers', expected: { kind: 'list' }, found: typeof head['answers'] })
  }
  const answers: FileAnswer[] = []
  const asked = new Set<string>()
  for (const [position, raw] of list.entries()) {
    const answer = readAnswer(raw, position, version, read.value.plan)
    if (!answer.ok) return misfit(position + 1, answer.failure)
    // An item that counts twice would make every interval too narrow.
    const { item, rotation } = answer.value.answer
    const question = `${item.language}/${rotation === 0 ? 'plain' : 'rotated'}/${item.id}`
    if (asked.has(question)) {
      const place = `answers[${position}].item.id`
      return misfit(position + 1, { place, expected: { kind: 'once' }, found: shorten(item.id) })
    }
    asked.add(question)
    answers.push(answer.value)
    yield
  }
  const { openSamples, ...told } = read.value
  const place = historyMisfit(read.value, answers.length)
  if (place) return misfit(null, place)
  return success({
    version,
    exportedAt: exportedAt.output.exportedAt,
    ...told,
    samples: samplesOf(answers, openSamples),
    answers: answers.map(({ answer }) => answer),
    itemSha256: answers.map(({ itemSha256 }) => itemSha256),
    raw: { head, answers: list },
  })
}

function samplesOf(answers: readonly FileAnswer[], open: QuestionSamples['samples']): RunSamples {
  const asked = answers.map(({ samples, later }, position) => ({ position, samples, later }))
  const all = [...asked, { position: answers.length, samples: open, later: [] }]
  return new Map(all.filter(({ samples }) => samples.length > 0).map((one) => [one.position, one]))
}

/** Positions that lie outside the answers that there are. */
function historyMisfit(head: FileHead, answered: number) {
  const { starts, interruptions, flags, ended, plan, openSamples } = head
  const upTo = (limit: number, place: string, found: number): Misfit => ({
    place,
    expected: { kind: 'up-to', limit },
    found: String(found),
  })
  for (const [index, { position }] of starts.entries()) {
    if (position > answered) return upTo(answered, `sessions[${index}].position`, position)
  }
  for (const [index, { position }] of interruptions.entries()) {
    if (position > answered) return upTo(answered, `interruptions[${index}].position`, position)
  }
  for (const [index, { position }] of flags.entries()) {
    if (position >= answered) return upTo(answered - 1, `flags[${index}].position`, position)
  }
  const planned = plan.itemIndexes.length
  const most = answered < planned ? (plan.strategy?.samples ?? 0) : 0
  if (openSamples.length > most) return upTo(most, 'openSamples', openSamples.length)
  const misplaced = openSamples.findIndex(({ index }, drawn) => index !== drawn)
  if (misplaced >= 0) {
    return upTo(misplaced, `openSamples[${misplaced}].index`, openSamples[misplaced]?.index ?? 0)
  }
  if (answered > planned || (ended?.reason === 'finished' && answered < planned)) {
    const expected = { kind: 'as-planned', value: String(planned) } as const
    return { place: 'answers', expected, found: String(answered) }
  }
  return null
}

function misfit(answer: number | null, found: Misfit) {
  return failure({ kind: 'misfit' as const, answer, ...found })
}

/** The id of the run that a file becomes: the same file is the same run. Half of the hash is ample. */
export function importedRunId(fileSha256: string): RunId {
  return `imported-${fileSha256.slice(0, 32)}` as RunId
}
