/** The same network as the reference's, in the plainest arithmetic: nested arrays, one number at a time. */

export interface PlainLayer {
  /** [out][in], each head's rows together. */
  query: number[][]
  key: number[][]
  value: number[][]
  queryBias?: number[]
  keyBias?: number[]
  valueBias?: number[]
  queryNorm?: number[]
  keyNorm?: number[]
  output: number[][]
  gate: number[][]
  up: number[][]
  down: number[][]
  inputNorm: number[]
  afterNorm: number[]
}

export interface PlainModel {
  embedding: number[][]
  head: number[][]
  finalNorm: number[]
  layers: PlainLayer[]
  heads: number
  kvHeads: number
  headSize: number
  theta: number
  epsilon: number
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)
const times = (matrix: number[][], vector: number[], bias?: number[]) =>
  matrix.map((row, at) => dot(row, vector) + (bias?.[at] ?? 0))
const plus = (a: number[], b: number[]) => a.map((value, at) => value + b[at]!)

function norm(vector: number[], factors: number[], epsilon: number): number[] {
  const mean = dot(vector, vector) / vector.length
  return vector.map((value, at) => (value / Math.sqrt(mean + epsilon)) * factors[at]!)
}

/** A complex number a head's dimension pair makes, turned by position * theta^(-2i/d). */
function turned(vector: number[], position: number, theta: number): number[] {
  const half = vector.length / 2
  return vector.map((value, at) => {
    const pair = at % half
    const angle = position * Math.pow(theta, (-2 * pair) / vector.length)
    const other = at < half ? -vector[at + half]! : vector[at - half]!
    return value * Math.cos(angle) + other * Math.sin(angle)
  })
}

export function plainLogits(model: PlainModel, ids: number[]): number[] {
  const { heads, kvHeads, headSize, theta, epsilon } = model
  let states = ids.map((id) => model.embedding[id]!)
  for (const layer of model.layers) {
    const inputs = states.map((state) => norm(state, layer.inputNorm, epsilon))
    const headOf = (vector: number[], head: number) => vector.slice(head * headSize, (head + 1) * headSize)
    const keys = inputs.map((input) => times(layer.key, input, layer.keyBias))
    const values = inputs.map((input) => times(layer.value, input, layer.valueBias))
    const prepared = (vector: number[], factors: number[] | undefined, position: number) =>
      turned(factors ? norm(vector, factors, epsilon) : vector, position, theta)
    states = states.map((state, token) => {
      const query = times(layer.query, inputs[token]!, layer.queryBias)
      const mixed: number[] = []
      for (let head = 0; head < heads; head += 1) {
        const shared = Math.floor(head / (heads / kvHeads))
        const asked = prepared(headOf(query, head), layer.queryNorm, token)
        const weights = keys
          .slice(0, token + 1)
          .map((key, past) =>
            Math.exp(dot(asked, prepared(headOf(key, shared), layer.keyNorm, past)) / Math.sqrt(headSize)),
          )
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        for (let at = 0; at < headSize; at += 1)
          mixed.push(
            weights.reduce((sum, weight, past) => sum + weight * headOf(values[past]!, shared)[at]!, 0) /
              total,
          )
      }
      return plus(state, times(layer.output, mixed))
    })
    states = states.map((state) => {
      const input = norm(state, layer.afterNorm, epsilon)
      const gate = times(layer.gate, input).map((value) => value / (1 + Math.exp(-value)))
      const up = times(layer.up, input)
      return plus(
        state,
        times(
          layer.down,
          gate.map((value, at) => value * up[at]!),
        ),
      )
    })
  }
  return times(model.head, norm(states.at(-1)!, model.finalNorm, epsilon))
}
