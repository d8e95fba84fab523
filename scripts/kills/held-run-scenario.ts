/** A run whose answers are held back until a comparison of reused prompts, killed and resumed until it is done, then another one. */
import { AnswerCollector } from '#core/run/answer-collector'
import { PLAIN_REQUEST } from '#core/run/plan'
import { countedAnswers } from '#core/run/summary'
import type { RunEvent } from '#core/run/types'
import type { StoredRun } from '#data/db/schema'
import { answerHere, type RequestHere } from './answer-here'
import type { RawDatabase } from './raw-database'
import { runFaults } from './run-scenario'
import { answersOf } from './sampled-run-scenario'
import { TOLD, type Scenario } from './scenario'

/** More than lie between two comparisons. */
const QUESTIONS = 100

const REQUEST: RequestHere = {
  ...PLAIN_REQUEST,
  selection: { design: 'simple', languages: ['en', 'zh'], levels: [1, 2, 3], sampleSize: QUESTIONS, seed: 4 },
  protocol: 'letters',
  reusePrompt: true,
}

export const heldRunScenario: Scenario = {
  name: 'held-run',
  windowMs: 4_000,
  work: (page) => page.evaluate(answerHere, { told: TOLD, request: REQUEST }),
  faults: (stored, told) => [...runFaults(stored, answersOf(told)), ...heldFaults(stored)],
}

/** On the processor every comparison agrees, so that what is counted can only grow, and in the end is all. */
function heldFaults(stored: RawDatabase): string[] {
  const found: string[] = []
  const collectors = new Map<string, AnswerCollector>()
  for (const { key, value } of stored['runEvents'] ?? []) {
    const [run] = key as [string, number]
    const event = value as RunEvent
    if (event.kind === 'paused') found.push(`run ${run}: paused, ${event.reason}`)
    const collector = collectors.get(run) ?? new AnswerCollector()
    collector.add(event)
    collectors.set(run, collector)
  }
  for (const { value } of stored['runs'] ?? []) {
    const { id, summary } = value as StoredRun
    const counted = collectors.get(id)?.answers.length ?? 0
    if (counted !== countedAnswers(summary))
      found.push(`run ${id}: ${counted} answers count, ${countedAnswers(summary)} by its summary`)
    const tallied = summary.tallies.reduce((sum, { answered }) => sum + answered, 0)
    if (tallied !== counted) found.push(`run ${id}: ${counted} answers count, ${tallied} by its tallies`)
    if (summary.state.kind === 'finished' && counted !== summary.total)
      found.push(`run ${id}: finished with ${counted} of ${summary.total} answers`)
  }
  return found
}
