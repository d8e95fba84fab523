/** Everything of a run's file but its answers. */
import * as v from 'valibot'
import { datasetId } from '../dataset/fingerprint'
import type { PromptSetId } from '../prompt/prompt-set'
import { failure, success, type Result } from '../result'
import type { RunHistory } from '../run/history'
import type { MadeOrigin, RunId, RunPlan } from '../run/types'
import { upgradeEngine, upgradePlan } from '../run/upgrade'
import { Ended2, Flags, Interruptions2, Sessions1, Sessions2 } from './answer-shape'
import { misfitOf, type Misfit } from './expected'
import { itemOf } from './file-item'
import { Plan1, Plan2 } from './plan-shape'
import { Time } from './shapes'

export interface FileHead extends RunHistory {
  plan: RunPlan
  flags: { position: number; note: string }[]
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

export function readHead(raw: unknown, version: 1 | 2): Result<FileHead, Misfit> {
  return version === 1 ? readHead1(raw) : readHead2(raw)
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
  })
}

function endOf1(state: string, at: number): RunHistory['ended'] {
  if (state === 'finished') return { at, reason: 'finished' }
  return state === 'stopped' ? { at, reason: 'user' } : null
}

function readHead2(raw: unknown): Result<FileHead, Misfit> {
  const parsed = v.safeParse(Head2, raw)
  if (!parsed.success) return failure(misfitOf(parsed.issues[0], ''))
  const { plan, sessions, interruptions, ended, flags } = parsed.output
  const { itemIndexes, rotations } = plan
  if (rotations.length !== itemIndexes.length) {
    const expected = { kind: 'as-planned', value: String(itemIndexes.length) } as const
    return failure({ place: 'plan.rotations', expected, found: String(rotations.length) })
  }
  const value = planOf(plan)
  if (!value.ok) return value
  return success({ plan: value.value, starts: sessions, interruptions, ended, flags })
}

function planOf(plan: Plan2): Result<RunPlan, Misfit> {
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
