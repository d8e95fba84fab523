/** What coding a head of Llama-3.1-8B's width in rows costs, from one row to one more than are written. */
import { HEAD_ROWS, headRows, roundedRow, rowFactor } from '#core/convert/lora/head-rows'
import { floatToHalf, halfToFloat } from '#core/convert/number-format'
import { modelFormat, type Quantization } from '#core/convert/quantization'
import { Differences, normal, sigmoid } from './numbers'

const HIDDEN = 4096
const STATES = 500
/** Of a head's weights: what such a layer is initialised with. */
const DEVIATION = 0.02
/** Llama's hidden states have a few entries that are many times as large as the others. */
const OUTLIERS = { every: 512, times: 20 }

export interface HeadRow {
  quantization: Quantization
  rows: number
  /** Of the difference of the two class logits, and of the probability. */
  logit: Differences
  probability: Differences
  /** The same, where the library gives its logits in float16. */
  halfLogits: Differences | null
}

export function headTable(quantizations: readonly Quantization[]): HeadRow[] {
  const draw = normal(11)
  const classes = [0, 1].map(() => Float32Array.from({ length: HIDDEN }, () => DEVIATION * draw()))
  const states = Array.from({ length: STATES }, () => hiddenState(draw))
  return quantizations.flatMap((quantization) =>
    Array.from({ length: HEAD_ROWS[quantization] + 1 }, (_, index) =>
      measure(quantization, index + 1, classes, states),
    ),
  )
}

function measure(
  quantization: Quantization,
  rows: number,
  classes: readonly Float32Array[],
  states: readonly Float64Array[],
): HeadRow {
  const isHalf = modelFormat(quantization) === 'float16'
  const coded = classes.map((weights) => {
    const given = headRows(weights, quantization, rows)
    if ('kind' in given) throw new Error(given.kind)
    return given.map((row) => {
      const stored = roundedRow(row, quantization)
      if ('kind' in stored) throw new Error(stored.kind)
      return stored
    })
  })
  const [logit, probability, halfLogits] = [new Differences(), new Differences(), new Differences()]
  const half = (value: number) => halfToFloat(floatToHalf(value))
  for (const state of states) {
    const exact = dot(classes[1]!, state) - dot(classes[0]!, state)
    const sum = (round: (value: number) => number) =>
      coded.map((parts) =>
        parts.reduce((total, part, at) => total + rowFactor(quantization, at) * round(dot(part, state)), 0),
      )
    const [wrong = 0, right = 0] = sum((value) => value)
    logit.add(right - wrong, exact)
    probability.add(sigmoid(right - wrong), sigmoid(exact))
    const [wrongHalf = 0, rightHalf = 0] = sum(half)
    halfLogits.add(sigmoid(rightHalf - wrongHalf), sigmoid(exact))
  }
  return { quantization, rows, logit, probability, halfLogits: isHalf ? halfLogits : null }
}

/** As the last norm leaves it: root mean square 1. */
function hiddenState(draw: () => number): Float64Array {
  const state = Float64Array.from(
    { length: HIDDEN },
    (_, at) => draw() * (at % OUTLIERS.every === 0 ? OUTLIERS.times : 1),
  )
  const size = Math.sqrt(state.reduce((sum, value) => sum + value * value, 0) / HIDDEN)
  return state.map((value) => value / size)
}

function dot(weights: Float32Array, state: Float64Array): number {
  let sum = 0
  for (let at = 0; at < weights.length; at += 1) sum += weights[at]! * state[at]!
  return sum
}
