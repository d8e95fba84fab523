/** A run that was made elsewhere, or of parts, as the events that store it. */
import { failure, success, type Result } from '../result'
import type { RunHistory } from '../run/history'
import type { RunSamples } from '../run/samples'
import { reduce, type IllegalEvent, type RunSummary } from '../run/summary'
import type { Answer, RunEvent, RunPlan } from '../run/types'

/** Answers in the order asked, rotated ones among them; `at` is when what has no time of its own happened. */
export interface WholeRun extends RunHistory {
  plan: RunPlan
  answers: readonly Answer[]
  flags: readonly { position: number; note: string }[]
  /** By position, the open question's included. */
  samples?: RunSamples
  at: number
}

/** Events, and their fold: made here, so that storing them need not fold again. */
export interface FoldedRun {
  summary: RunSummary
  events: RunEvent[]
}

/** The events of `run` in steps; fails with the event that cannot follow those before it. */
export function* foldRun(
  run: WholeRun,
): Generator<undefined, Result<FoldedRun, IllegalEvent & { event: RunEvent }>> {
  const events: RunEvent[] = []
  let summary: RunSummary | null = null
  for (const event of runEvents(run)) {
    const next: Result<RunSummary, IllegalEvent> = reduce(summary, event)
    if (!next.ok) return failure({ ...next.failure, event })
    summary = next.value
    events.push(event)
    yield
  }
  if (!summary) throw new Error('A run begins with its plan')
  return success({ summary, events })
}

function* runEvents(run: WholeRun): Generator<RunEvent> {
  const { plan, answers, ended, at } = run
  yield { kind: 'created', at: plan.createdAt, plan }
  const around = aroundAnswers(run)
  let running = false
  for (let position = 0; position <= answers.length; position += 1) {
    const here = around.get(position)
    const events: RunEvent[] = here ? inOrder(here, running) : []
    // When within an interrupted question they were drawn is not told: they come before its last pause.
    const last = events.at(-1)?.kind === 'paused' ? events.pop() : undefined
    for (const event of events) {
      running = event.kind === 'started'
      yield event
    }
    for (const { at: drawnAt, ...sample } of run.samples?.get(position)?.samples ?? []) {
      yield { kind: 'sampled', at: drawnAt, position, sample }
    }
    if (last) {
      running = false
      yield last
    }
    const answer = answers[position]
    if (answer) yield { kind: 'answered', at: answer.answeredAt, answer }
  }
  for (const { position, later } of run.samples?.values() ?? []) {
    for (const scored of later) yield { kind: 'scored', position, ...scored }
  }
  for (const { position, note } of run.flags) yield { kind: 'flagged', at, position, note }
  // A run that somebody else still answers cannot go on here.
  if (!ended) yield { kind: 'stopped', at, reason: 'open-at-export' }
  else if (ended.reason === 'finished') yield { kind: 'finished', at: ended.at }
  else yield { kind: 'stopped', at: ended.at, reason: ended.reason }
}

type Started = Extract<RunEvent, { kind: 'started' }>
type Paused = Extract<RunEvent, { kind: 'paused' }>

/** What happened before one question was answered. */
interface Around {
  starts: Started[]
  pauses: Paused[]
}

/** By time; a pause needs a run that is being answered, whatever the clock said. */
function inOrder({ starts, pauses }: Around, running: boolean): (Started | Paused)[] {
  const ordered: (Started | Paused)[] = []
  for (let [start, pause] = [0, 0]; start < starts.length || pause < pauses.length;) {
    const nextStart = starts[start]
    const nextPause = pauses[pause]
    const pauseIsDue = nextPause && running && !(nextStart && nextStart.at < nextPause.at)
    // Without a session left, a pause that cannot be is refused by the fold, which names it.
    const next = pauseIsDue ? nextPause : (nextStart ?? nextPause)
    if (!next) break
    running = next.kind === 'started'
    if (running) start += 1
    else pause += 1
    ordered.push(next)
  }
  return ordered
}

function aroundAnswers({ starts, interruptions }: RunHistory): Map<number, Around> {
  const byPosition = new Map<number, Around>()
  const at = (position: number) => {
    const found = byPosition.get(position) ?? { starts: [], pauses: [] }
    byPosition.set(position, found)
    return found
  }
  for (const { position, ...start } of starts) at(position).starts.push({ kind: 'started', ...start })
  for (const { position, at: time, reason, failure: cause } of interruptions) {
    // A lost tab leaves no event: it shows by the session that follows.
    if (reason === 'tab-lost') continue
    at(position).pauses.push({ kind: 'paused', at: time, reason, failure: cause })
  }
  return byPosition
}
