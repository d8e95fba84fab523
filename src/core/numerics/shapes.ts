/** The shapes of what is stored and exported of a device's numbers. */
import * as v from 'valibot'
import { Count, Duration, Fraction, Line, Time } from '../receipt/shapes'
import {
  COLD_REASONS,
  type LetterComparison,
  type MergeBarrier,
  type Numerics,
  type OrderDifferences,
  type PromptReading,
  type SelfTestReport,
} from './types'

type Members<Stored> = Record<keyof Stored, v.GenericSchema>

const BARRIERS: Record<MergeBarrier, true> = {
  inserted: true,
  'switched-off': true,
  'kernel-absent': true,
  'pattern-unknown': true,
}

const namesOf = <Name extends string>(names: Record<Name, true>) => v.picklist(Object.keys(names) as Name[])

/** A difference of logits; null where there was none that is a number. */
const Difference = v.nullable(v.pipe(v.number(), v.minValue(0)))

export const SelfTestShape = v.looseObject({
  version: Count,
  at: Time,
  tokens: Count,
  tolerance: v.pipe(v.number(), v.minValue(0)),
  differences: v.looseObject({
    'two-chunks': Difference,
    'small-chunk': v.exactOptional(Difference),
    'one-by-one': Difference,
    'after-pop': Difference,
  } satisfies Members<Required<OrderDifferences>>),
  letters: v.nullable(
    v.looseObject({
      referenceDevice: Line,
      items: Count,
      sameLetter: Count,
      largestDifference: Fraction,
    } satisfies Members<LetterComparison>),
  ),
  elapsedMs: Duration,
} satisfies Members<SelfTestReport>)

export const NumericsShape = v.looseObject({
  mergeBarrier: namesOf(BARRIERS),
  selfTest: v.nullable(SelfTestShape),
} satisfies Members<Numerics>)

const { letters, differences } = SelfTestShape.entries

/** The same in a file of a run or a conversation, of which nothing more is kept. */
export const FileNumerics = v.object({
  ...NumericsShape.entries,
  selfTest: v.nullable(
    v.object({
      ...SelfTestShape.entries,
      differences: v.object(differences.entries),
      letters: v.nullable(v.object(letters.wrapped.entries)),
    }),
  ),
})

export const ReadingShape = v.looseObject({
  path: v.picklist(['cold', 'reused', 'stepwise'] satisfies PromptReading['path'][]),
  tokensFed: Count,
  tokensReused: Count,
  reason: v.exactOptional(v.picklist(COLD_REASONS)),
  compared: v.exactOptional(v.literal(true)),
  awaitsComparison: v.exactOptional(v.literal(true)),
} satisfies Members<PromptReading>)

/** The same in a file of a run or a conversation. */
export const FileReading = v.object(ReadingShape.entries)
