import * as v from 'valibot'
import type { ChatSettings } from '../types'
import { Settings } from './shapes'

/** Settings as they were stored; null where they have not the form of any. */
export function readSettings(stored: unknown): ChatSettings | null {
  const parsed = v.safeParse(Settings, stored)
  return parsed.success ? parsed.output : null
}
