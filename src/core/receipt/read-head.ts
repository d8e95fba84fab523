/** Everything of a run's file but its answers. */
import * as v from 'valibot'
import { datasetId } from '../dataset/fingerprint'
import type { PromptSetId } from '../prompt/prompt-set'
import { failure, success, type Result } from '../result'
import type { RunHistory } from '../run/history'
import type { DrawnSample } from '../run/samples'
import type { MadeOrigin, RunId, RunPlan } from '../run/types'
import { upgradeEngine, upgradePlan } from '../run/upgrade'
import { Ended2, Flags, Interruptions2, Sessions1, Sessions2 } from './answer-shape'
import { misfitOf, type Misfit } from './expected'
import { itemOf } from './file-item'
import { Plan1, Plan2 } from './plan-shape'
import type { FileVersion } from './read-answer'
import { FileSamples, Plan3 } from './sampled-shape'
import { Time } from './shapes'

export interface FileHead extends RunHistory {
  plan: RunPlan
  flags: { position: number; note: string }[]
  /** Samples that the next question has already. */
  openSamples: DrawnSample[]
}

const Head1 = v.object({
  plan: Plan1,
  /** The first version told when a run was exported and last answered, not when it ended. */
  state: v.object({ kind: v.picklist(['ready', 'running', 'paused', 'stopped', 'finished']) }),
  exportedAt: Time,
  sessions: Sessions1,
  flags: Flags,
})

const Head2 = v.object({
  plan: Plan2,
  sessions: Sessions2,
  interruptions: Interruptions2,
  ended: Ended2,
  flags: Flags,
})

const Head3 = v.object({ ...Head2.entries, plan: Plan3, openSamples: FileSamples })

export function readHead(raw: unknown, version: FileVersion): Result<FileHead, Misfit> {
  return version === 1 ? readHead1(raw) : readHeadFrom(version === 2 ? Head2 : Head3, raw)
}

function readHead1(raw: unknown): Result<FileHead, Misfit> {
  const parsed = v.safeParse(Head1, raw)
  if (!parsed.success) return failure(misfitOf(parsed.issues[0], ''))
  const { plan, state, exportedAt, sessions, flags } = parsed.output
  const upgraded = upgradePlan({
    ...plan,
    id: plan.id as RunId,
    dataset: { ...plan.dataset, id: datasetId(plan.dataset.itemsSha256) },
  })
  return success({
    plan: upgraded,
    starts: sessions.map((session) => ({ ...session, engine: upgradeEngine(session.engine) })),
    interruptions: [],
    ended: endOf1(state.kind, exportedAt),
    flags,
    openSamples: [],
  })
}

function endOf1(state: string, at: number): RunHistory['ended'] {
  if (state === 'finished') return { at, reason: 'finished' }
  return state === 'stopped' ? { at, reason: 'user' } : null
}

type Head = Omit<v.InferOutput<typeof Head2>, 'plan'> & {
  plan: Plan2 & Pick<RunPlan, 'strategy'>
  openSamples?: DrawnSample[]
}

function readHeadFrom(schema: v.GenericSchema<unknown, Head>, raw: unknown): Result<FileHead, Misfit> {
  const parsed = v.safeParse(schema, raw)
  if (!parsed.success) return failure(misfitOf(parsed.issues[0], ''))
  const { plan, sessions, interruptions, ended, flags, openSamples = [] } = parsed.output
  const { itemIndexes, rotations } = plan
  if (rotations.length !== itemIndexes.length) {
    const expected = { kind: 'as-planned', value: String(itemIndexes.length) } as const
    return failure({ place: 'plan.rotations', expected, found: String(rotations.length) })
  }
  const value = planOf(plan)
  if (!value.ok) return value
  return success({ plan: value.value, starts: sessions, interruptions, ended, flags, openSamples })
}

function planOf(plan: Head['plan']): Result<RunPlan, Misfit> {
  const shots: RunPlan['shots'] = plan.shots && {
    ...plan.shots,
    pool: { ...plan.shots.pool, id: datasetId(plan.shots.pool.itemsSha256) },
    items: [],
  }
  for (const [index, shot] of (plan.shots?.items ?? []).entries()) {
    const item = itemOf(shot, `plan.shots.items[${index}]`)
    if (!item.ok) return item
    shots?.items.push(item.value)
  }
  return success({
    ...plan,
    id: plan.id as RunId,
    // Follows from the items, whatever the file says: it is the key under which the dataset is looked for here.
    dataset: { ...plan.dataset, id: datasetId(plan.dataset.itemsSha256) },
    prompts: { ...plan.prompts, id: plan.prompts.id as PromptSetId },
    shots,
    origin: madeOf(plan.origin),
  })
}

function madeOf(origin: Plan2['origin']): MadeOrigin {
  const made = origin.kind === 'imported' ? origin.made : origin
  switch (made.kind) {
    case 'own':
      return made
    case 'merged':
      return { ...made, runIds: made.runIds as RunId[] }
    case 'rerun':
      return { ...made, runId: made.runId as RunId }
  }
}
