/** How a record of an archive relates to the one of the same id that is here, and what becomes of it. */
import type { TableStore } from './tables'

export type Relation =
  /** Nothing of this id is here. */
  | 'new'
  | 'same'
  /** The archive goes on where the one here ends; `shorter` is the other way round. */
  | 'longer'
  | 'shorter'
  /** Both went on, differently. */
  | 'different'

/** What merging does with a record. */
export type Fate =
  | 'add'
  /** What is here stays as it is, and says the same or more. */
  | 'leave'
  /** What the archive has more is added to what is here. */
  | 'extend'
  /** It comes in beside the one that is here, under an id of its own. */
  | 'copy'

/** Stores whose records say the same when their ids are equal, or of which there can be only one: the one here stays. */
const KEPT_AS_HERE: readonly TableStore[] = ['datasets', 'drafts', 'preferences']

export function fateOf(store: TableStore, relation: Relation): Fate {
  switch (relation) {
    case 'new':
      return 'add'
    case 'same':
    case 'shorter':
      return 'leave'
    case 'longer':
      return 'extend'
    case 'different':
      return KEPT_AS_HERE.includes(store) ? 'leave' : 'copy'
  }
}

/**
 * Compares two lists whose elements only ever come at the end: the events of a run. `next…` give an element as text, or
 * null at the end.
 */
export async function listRelation(
  nextHere: () => Promise<string | null>,
  nextIncoming: () => Promise<string | null>,
): Promise<Exclude<Relation, 'new'>> {
  for (;;) {
    const [here, incoming] = await Promise.all([nextHere(), nextIncoming()])
    if (here === null) return incoming === null ? 'same' : 'longer'
    if (incoming === null) return 'shorter'
    if (here !== incoming) return 'different'
  }
}

/** Compares two sets of numbered parts, each as text: the messages of a conversation, which branches anywhere. */
export function setRelation(
  here: ReadonlyMap<number, string>,
  incoming: ReadonlyMap<number, string>,
): Exclude<Relation, 'new'> {
  const [fewer, more] = here.size <= incoming.size ? [here, incoming] : [incoming, here]
  for (const [number, text] of fewer) if (more.get(number) !== text) return 'different'
  if (here.size === incoming.size) return 'same'
  return here.size < incoming.size ? 'longer' : 'shorter'
}

/**
 * Compares two states of one record whose empty members are filled later: a comparison that has been judged here and not
 * there. `filled` names those members; all others must be equal.
 */
export function filledRelation(
  here: Readonly<Record<string, unknown>>,
  incoming: Readonly<Record<string, unknown>>,
  filled: readonly string[],
  textOf: (value: unknown) => string,
): Exclude<Relation, 'new'> {
  const base = (record: Readonly<Record<string, unknown>>) =>
    textOf(Object.fromEntries(Object.entries(record).filter(([name]) => !filled.includes(name))))
  if (base(here) !== base(incoming)) return 'different'
  const changed = filled.filter((name) => textOf(here[name] ?? null) !== textOf(incoming[name] ?? null))
  if (changed.length === 0) return 'same'
  if (changed.every((name) => (here[name] ?? null) === null)) return 'longer'
  return changed.every((name) => (incoming[name] ?? null) === null) ? 'shorter' : 'different'
}
