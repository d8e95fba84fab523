/** What files of version 3 say more: of several replies a question. */
import * as v from 'valibot'
import { MAX_SAMPLES } from '../strategy/limits'
import { OutcomeShape, SampleShape, ScoresShape, StrategyShape } from '../strategy/shapes'
import { Answer2 } from './answer-shape'
import { MAX_LATER_SCORES } from './limits'
import { Plan2 } from './plan-shape'
import { Count, Time } from './shapes'

export const Plan3 = v.object({ ...Plan2.entries, strategy: StrategyShape })

export const FileSamples = v.pipe(
  v.array(v.object({ ...SampleShape.entries, at: Time })),
  v.maxLength(MAX_SAMPLES),
)

export const Answer3 = v.object({
  ...Answer2.entries,
  sampling: v.optional(OutcomeShape),
  samples: FileSamples,
  laterScores: v.pipe(
    v.array(v.object({ at: Time, sample: Count, scores: ScoresShape })),
    v.maxLength(MAX_LATER_SCORES),
  ),
})
