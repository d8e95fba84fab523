import type { Budget } from '#core/run/types'
import { isWithin, type NumberInput } from './number-input'

/** A week of answering: longer runs are better split over machines. */
export const MOST_MINUTES = 7 * 24 * 60

/** An interval of more points to each side says next to nothing. */
export const MOST_HALF_WIDTH_POINTS = 25

/** When the next run ends before its last question. */
export class BudgetDraft {
  /** Of answering time; null is no limit. */
  minutes = $state<NumberInput>(null)
  /** Half the width of the interval, in percentage points, that is narrow enough; null is no limit. */
  halfWidthPoints = $state<NumberInput>(null)

  /** Which fields hold something that no run can have. */
  get invalid(): Record<'minutes' | 'halfWidthPoints', boolean> {
    return {
      minutes: isOutside(this.minutes, MOST_MINUTES),
      halfWidthPoints: isOutside(this.halfWidthPoints, MOST_HALF_WIDTH_POINTS),
    }
  }

  /** `allowsPrecision`: whether the questions are a simple random sample in random order. */
  value(allowsPrecision: boolean): Budget {
    const { minutes, halfWidthPoints } = this
    return {
      minutes,
      halfWidth: halfWidthPoints !== null && allowsPrecision ? halfWidthPoints / 100 : null,
    }
  }
}

/** An empty field is no limit. */
function isOutside(value: NumberInput, most: number): boolean {
  return value !== null && (value === 0 || !isWithin(value, 0, most))
}
