import * as v from 'valibot'
import { misfitOf, shorten, type Misfit } from '../receipt/expected'
import { MAX_KEY_LENGTH } from './limits'
import type { Row, RowKey } from './row'
import { RECORD_SHAPES, SETTING_SHAPES } from './shapes'
import { LOCAL_SETTINGS, TABLES, type WorkspaceStore } from './tables'

/** What is wrong with a record in today's form, or null. Whether it fits to others is asked elsewhere. */
export function recordMisfit(store: WorkspaceStore, { key, value }: Row): Misfit | null {
  const key1 = keyMisfit(store, key)
  if (key1) return key1
  const parsed = v.safeParse(RECORD_SHAPES[store], value)
  if (!parsed.success) return misfitOf(parsed.issues[0], '')
  const own = TABLES.find((table) => table.store === store)
  if (own?.inlineKey && (value as { id: unknown }).id !== key)
    return planned('id', String(key), String((value as { id: unknown }).id))
  if (store === 'messages' && (value as { id: number }).id !== numberOf(key))
    return planned('id', String(numberOf(key)), String((value as { id: number }).id))
  return store === 'preferences' ? settingMisfit(String(key), value) : null
}

function settingMisfit(name: string, value: unknown): Misfit | null {
  if (LOCAL_SETTINGS.includes(name))
    return { place: name, expected: { kind: 'one-of', values: 'settings that travel' }, found: '…' }
  const shape = SETTING_SHAPES.get(name)
  const parsed = shape && v.safeParse(shape, value)
  return parsed && !parsed.success ? misfitOf(parsed.issues[0], name) : null
}

/** A key as the store has it: a text, or a text and a number from 0. */
export function keyMisfit(store: WorkspaceStore, key: RowKey): Misfit | null {
  const [id, number] = typeof key === 'string' ? [key, null] : key
  const isNumbered = TABLES.some(({ parts }) =>
    parts.some((part) => part.store === store && part.keys === 'numbered'),
  )
  if (isNumbered !== (number !== null) || (number ?? 0) < 0)
    return {
      place: 'key',
      expected: { kind: isNumbered ? 'list' : 'text' },
      found: shorten(JSON.stringify(key)),
    }
  if (id.length > MAX_KEY_LENGTH)
    return { place: 'key', expected: { kind: 'at-most-long', limit: MAX_KEY_LENGTH }, found: shorten(id) }
  return null
}

export function planned(place: string, value: string, found: string): Misfit {
  return { place, expected: { kind: 'as-planned', value: shorten(value) }, found: shorten(found) }
}

function numberOf(key: RowKey): number | null {
  return typeof key === 'string' ? null : key[1]
}
