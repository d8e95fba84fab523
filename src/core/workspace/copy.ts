/** A record that comes in beside another one of its id: its own id, its name, and what refers to it. */
import type { RunEvent, RunId, RunOrigin } from '../run/types'
import type { TableStore } from './tables'

/** From the SHA-256 (hex) of what is copied, so that importing an archive twice makes no second copy. */
export function copyId(sha256: string): string {
  return `copy-${sha256.slice(0, 32)}`
}

/** New ids of what was copied, by their ids in the archive. */
export interface NewIds {
  runs: ReadonlyMap<string, string>
  conversations: ReadonlyMap<string, string>
  comparisons: ReadonlyMap<string, string>
}

/** The record under its new id; `mark` is put behind its name, so that the two can be told apart in lists. */
export function copiedRecord(store: TableStore, value: object, id: string, mark: string): object {
  const record = { ...(value as Record<string, unknown>), id }
  switch (store) {
    case 'studies':
      return { ...record, name: `${String((value as { name: unknown }).name)}${mark}` }
    case 'conversations':
      return { ...record, title: `${String((value as { title: unknown }).title)}${mark}` }
    case 'prompts':
    case 'presets': {
      const member = store === 'prompts' ? 'prompts' : 'preset'
      const inner = (value as Record<string, { name: string }>)[member]
      return { ...record, [member]: { ...inner, id, name: `${inner?.name ?? ''}${mark}` } }
    }
    default:
      return record
  }
}

/** An event of a run that was given a new id, or whose original was. */
export function copiedEvent(event: RunEvent, runId: string, ids: NewIds, mark: string): RunEvent {
  if (event.kind !== 'created') return event
  const { plan } = event
  const isCopy = plan.id !== runId
  return {
    ...event,
    plan: {
      ...plan,
      id: runId as RunId,
      name: isCopy ? `${plan.name}${mark}` : plan.name,
      origin: withNewIds(plan.origin, ids.runs),
    },
  }
}

/** What a record refers to, under the ids that it has here. */
export function withReferences(store: TableStore, value: object, ids: NewIds): object {
  if (store === 'comparisons') {
    const { series } = value as { series: string }
    return { ...value, series: ids.comparisons.get(series) ?? series }
  }
  if (store !== 'conversations') return value
  const { origin } = value as { origin: { runId: string } | null }
  if (!origin || !ids.runs.has(origin.runId)) return value
  return { ...value, origin: { ...origin, runId: ids.runs.get(origin.runId) } }
}

function withNewIds(origin: RunOrigin, runs: ReadonlyMap<string, string>): RunOrigin {
  const newId = (id: RunId) => (runs.get(id) ?? id) as RunId
  if (origin.kind === 'rerun') return { ...origin, runId: newId(origin.runId) }
  if (origin.kind === 'merged') return { ...origin, runIds: origin.runIds.map(newId) }
  return origin
}
