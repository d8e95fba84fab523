/** Presets as files, for sharing them. */
import * as v from 'valibot'
import { misfitOf } from '../../receipt/expected'
import { failure, success, type Result } from '../../result'
import type { ChatPreset } from '../types'
import type { ChatFileProblem } from './read-conversation'
import { Preset } from './shapes'

export const PRESET_FORMAT = 'somnus-preset'
export const PRESET_VERSION = 1
/** The JSON Schema, relative to the site of the app that wrote the file. */
export const PRESET_SCHEMA = 'schemas/somnus-preset-1.schema.json'

/** A preset without the id under which it is stored, which is each browser's own. */
export type SharedPreset = Omit<ChatPreset, 'id'>

/** The JSON file, version 1. */
export interface PresetFile {
  $schema: typeof PRESET_SCHEMA
  format: typeof PRESET_FORMAT
  version: typeof PRESET_VERSION
  preset: SharedPreset
}

export function presetFile({ name, description, settings }: SharedPreset): PresetFile {
  const { system, temperature, topP, maxTokens, seed } = settings
  return {
    $schema: PRESET_SCHEMA,
    format: PRESET_FORMAT,
    version: PRESET_VERSION,
    preset: { name, description, settings: { system, temperature, topP, maxTokens, seed } },
  }
}

/** The file's text: JSON, indented to be read by people. */
export function presetFileText(preset: SharedPreset): string {
  return `${JSON.stringify(presetFile(preset), null, 2)}\n`
}

export function readPresetFile(text: string): Result<SharedPreset, ChatFileProblem> {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return failure({ kind: 'not-json', element: null })
  }
  const head = v.safeParse(v.object({ format: v.literal(PRESET_FORMAT), version: v.unknown() }), json)
  if (!head.success) return failure({ kind: 'other-format' })
  const { version } = head.output
  if (version !== PRESET_VERSION) return failure({ kind: 'other-version', version })
  const parsed = v.safeParse(v.object({ preset: Preset }), json)
  if (!parsed.success) return failure({ kind: 'misfit', ...misfitOf(parsed.issues[0], '') })
  return success(parsed.output.preset)
}

/** Whether two presets ask alike, whatever they are called. */
export function sameSettings(one: SharedPreset['settings'], other: SharedPreset['settings']): boolean {
  return (
    one.system === other.system &&
    one.temperature === other.temperature &&
    one.topP === other.topP &&
    one.maxTokens === other.maxTokens &&
    one.seed === other.seed
  )
}
