/** Sessions, interruptions and answers as files have them. */
import * as v from 'valibot'
import { MAX_OPTIONS } from '../dataset/limits'
import type { EngineFailure } from '../engine'
import { FileNumerics, FileReading } from '../numerics/shapes'
import type { PauseReason, StopReason } from '../run/types'
import { MAX_FLAGS, MAX_REPLY_LENGTH, MAX_SESSIONS } from './limits'
import { FileItem } from './plan-shape'
import { Count, Duration, Fraction, Hash, Letter, Line, Prose, Time } from './shapes'

const Engine = {
  engine: v.picklist(['wllama', 'webllm', 'scripted']),
  engineVersion: Line,
  device: Line,
  fingerprint: v.pipe(Line, v.minLength(1)),
  contextTokens: Count,
}
const Engine1 = v.object(Engine)
export const Engine2 = v.object({
  ...Engine,
  librarySha256: v.nullable(Hash),
  tokenizerSha256: v.nullable(Hash),
  numerics: v.exactOptional(FileNumerics),
})

function sessionsWith<Shape extends typeof Engine1 | typeof Engine2>(engine: Shape) {
  return v.pipe(
    v.array(v.object({ at: Time, position: Count, engine, userAgent: Line })),
    v.maxLength(MAX_SESSIONS),
  )
}
export const Sessions1 = sessionsWith(Engine1)
export const Sessions2 = sessionsWith(Engine2)

/**
 * A failure is shown by its kind and the members of that kind, so those must be there. Of one of the model store, which
 * has forty kinds of its own, only the kind is kept.
 */
export const Failure = v.pipe(
  v.variant('kind', [
    v.object({ kind: v.picklist(['aborted', 'not-loaded', 'taken-over', 'letters-not-tokens']) }),
    v.object({ kind: v.picklist(['not-a-reward-model', 'only-a-reward-model']) }),
    v.object({
      kind: v.literal('webgpu-unavailable'),
      reason: v.picklist(['no-api', 'no-adapter', 'insecure-origin']),
    }),
    v.object({ kind: v.literal('feature-missing'), feature: Line }),
    v.object({ kind: v.literal('storage-full'), bytes: Count }),
    v.object({ kind: v.literal('checksum-mismatch'), url: Line, expected: Line, actual: Line }),
    v.object({ kind: v.literal('model-too-large'), bytes: Count, limitBytes: Count }),
    v.object({ kind: v.literal('context-exceeded'), promptTokens: Count, contextTokens: Count }),
    v.object({
      kind: v.picklist([
        'model-invalid',
        'out-of-memory',
        'device-lost',
        'worker-lost',
        'reuse-check-failed',
        'engine-error',
      ]),
      detail: Prose,
    }),
    v.object({ kind: v.literal('download-failed'), url: Line, detail: Prose }),
    v.object({ kind: v.literal('model-unavailable'), failure: v.object({ kind: Line }) }),
  ]),
  v.transform((failure): EngineFailure => {
    if (failure.kind !== 'model-unavailable') return failure
    return { kind: 'engine-error', detail: `model-unavailable: ${failure.failure.kind}` }
  }),
)

export const PAUSE_REASONS = [
  'user',
  'device-lost',
  'out-of-memory',
  'taken-over',
  'engine-failure',
  'storage-full',
  'item-missing',
  'comparison-failed',
] as const satisfies PauseReason[]

export const STOP_REASONS = [
  'user',
  'minutes',
  'precision',
  'parts-missing',
  'open-at-export',
] as const satisfies StopReason[]

/** What an answer says of its reply, in files and as stored. */
export const ReplyMembers = {
  reply: v.pipe(v.string(), v.maxLength(MAX_REPLY_LENGTH)),
  finish: v.picklist(['stop', 'length', 'abort']),
  promptTokens: Count,
  completionTokens: Count,
  timeToFirstTokenMs: Duration,
  decodeMs: Duration,
  answeredAt: Time,
  hidden: v.boolean(),
  failure: v.nullable(Failure),
  officialLetter: v.nullable(Letter),
  strictLetter: v.nullable(Letter),
  strictReason: v.nullable(Line),
}

const Answer = { position: Count, item: FileItem, ...ReplyMembers }

export const Answer1 = v.object(Answer)

export const Answer2 = v.object({
  ...Answer,
  reading: v.exactOptional(FileReading),
  rotation: v.pipe(Count, v.maxValue(MAX_OPTIONS - 1)),
  forward: v.nullable(
    v.object({
      probabilities: v.pipe(v.array(Fraction), v.maxLength(MAX_OPTIONS)),
      letter: v.nullable(Letter),
      promptTokens: Count,
      elapsedMs: Duration,
      reading: v.exactOptional(FileReading),
    }),
  ),
})

export const Interruptions2 = v.pipe(
  v.array(
    v.object({
      position: Count,
      at: Time,
      reason: v.picklist([...PAUSE_REASONS, 'tab-lost']),
      failure: v.nullable(Failure),
      resumedAt: v.nullable(Time),
    }),
  ),
  v.maxLength(MAX_SESSIONS),
)

export const Ended2 = v.nullable(v.object({ at: Time, reason: v.picklist(['finished', ...STOP_REASONS]) }))

export const Flags = v.pipe(v.array(v.object({ position: Count, note: Prose })), v.maxLength(MAX_FLAGS))
