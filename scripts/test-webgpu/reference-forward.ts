/**
 * A forward pass of the qwen2, qwen3, llama and mistral architectures, written for being read: what a compiled
 * library must agree with. It reads MLC's tensors or those of a checkpoint, which are not stacked. Weights are
 * dequantized exactly, sums are of double precision, activations are kept in single precision.
 */
import { floatsOf, openMatrix, type Matrix, type TensorSource } from './tensor'

export interface ModelShape {
  layers: number
  heads: number
  /** Heads of keys and values; each serves `heads / kvHeads` heads of queries. */
  kvHeads: number
  headSize: number
  /** Base of the rotary position frequencies. */
  ropeTheta: number
  normEpsilon: number
}

/** One row of `columns` numbers a token. */
interface Activations {
  tokens: number
  columns: number
  values: Float32Array
}

/** The logits over the whole vocabulary of the token that follows `ids`. */
export function nextTokenLogits(
  find: TensorSource,
  shape: ModelShape,
  ids: readonly number[],
  onLayer: (done: number) => void = () => undefined,
): Float32Array {
  const embedding = matrix(find, 'model.embed_tokens')
  const hidden = activations(ids.length, embedding.columns)
  ids.forEach((id, token) => embedding.readRow(id, rowOf(hidden, token)))
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const name = `model.layers.${layer}`
    const attention = attend(find, shape, name, normalized(find, shape, `${name}.input_layernorm`, hidden))
    add(hidden, linear(find, `${name}.self_attn.o_proj`, attention))
    const feedForward = normalized(find, shape, `${name}.post_attention_layernorm`, hidden)
    const gateUp = stacked(find, `${name}.mlp`, ['gate_up_proj'], ['gate_proj', 'up_proj'], feedForward)
    add(hidden, linear(find, `${name}.mlp.down_proj`, swiGlu(gateUp)))
    onLayer(layer + 1)
  }
  const last = activations(1, hidden.columns)
  last.values.set(rowOf(hidden, ids.length - 1))
  const head = openMatrix(find, 'lm_head') ?? embedding
  return multiply(head, normalized(find, shape, 'model.norm', last)).values
}

/** Causal attention of every token on itself and those before it; [tokens, heads * headSize]. */
function attend(find: TensorSource, shape: ModelShape, layer: string, input: Activations): Activations {
  const { heads, kvHeads, headSize } = shape
  const qkv = stacked(
    find,
    `${layer}.self_attn`,
    ['c_attn', 'qkv_proj'],
    ['q_proj', 'k_proj', 'v_proj'],
    input,
  )
  const queryNorm = find(`${layer}.self_attn.q_norm.weight`)
  const keyNorm = find(`${layer}.self_attn.k_norm.weight`)
  const keysAt = heads * headSize
  const valuesAt = keysAt + kvHeads * headSize
  for (let token = 0; token < qkv.tokens; token += 1) {
    const row = rowOf(qkv, token)
    for (let head = 0; head < heads + kvHeads; head += 1) {
      const vector = row.subarray(head * headSize, (head + 1) * headSize)
      const norm = head < heads ? queryNorm : keyNorm
      if (norm) rmsNorm(vector, floatsOf(norm), shape.normEpsilon)
      rotate(vector, token, shape.ropeTheta)
    }
  }
  const output = activations(qkv.tokens, heads * headSize)
  const weights = new Float64Array(qkv.tokens)
  for (let token = 0; token < qkv.tokens; token += 1) {
    const query = rowOf(qkv, token)
    for (let head = 0; head < heads; head += 1) {
      const shared = Math.floor((head * kvHeads) / heads) * headSize
      let most = -Infinity
      for (let past = 0; past <= token; past += 1) {
        const key = rowOf(qkv, past)
        let sum = 0
        for (let at = 0; at < headSize; at += 1)
          sum += query[head * headSize + at]! * key[keysAt + shared + at]!
        weights[past] = sum / Math.sqrt(headSize)
        most = Math.max(most, weights[past]!)
      }
      let total = 0
      for (let past = 0; past <= token; past += 1) total += weights[past] = Math.exp(weights[past]! - most)
      const out = rowOf(output, token).subarray(head * headSize, (head + 1) * headSize)
      for (let at = 0; at < headSize; at += 1) {
        let sum = 0
        for (let past = 0; past <= token; past += 1)
          sum += weights[past]! * qkv.values[past * qkv.columns + valuesAt + shared + at]!
        out[at] = sum / total
      }
    }
  }
  return output
}

/** Rotary position embedding in the "rotate half" form: element i turns with element i + size / 2. */
function rotate(vector: Float32Array, position: number, theta: number): void {
  const half = vector.length / 2
  for (let at = 0; at < half; at += 1) {
    const angle = position / theta ** (at / half)
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const [first, second] = [vector[at]!, vector[at + half]!]
    vector[at] = first * cos - second * sin
    vector[at + half] = second * cos + first * sin
  }
}

/** silu(gate) * up, where the first half of the columns is the gate. */
function swiGlu(gateUp: Activations): Activations {
  const columns = gateUp.columns / 2
  const output = activations(gateUp.tokens, columns)
  for (let token = 0; token < gateUp.tokens; token += 1) {
    const row = rowOf(gateUp, token)
    const out = rowOf(output, token)
    for (let at = 0; at < columns; at += 1) {
      const gate = row[at]!
      out[at] = (gate / (1 + Math.exp(-gate))) * row[columns + at]!
    }
  }
  return output
}

function normalized(find: TensorSource, shape: ModelShape, name: string, input: Activations): Activations {
  const weight = find(`${name}.weight`)
  if (!weight) throw new Error(`There is no tensor ${name}.weight.`)
  const factors = floatsOf(weight)
  const output = { ...input, values: input.values.slice() }
  for (let token = 0; token < output.tokens; token += 1)
    rmsNorm(rowOf(output, token), factors, shape.normEpsilon)
  return output
}

function rmsNorm(vector: Float32Array, factors: Float32Array, epsilon: number): void {
  let squares = 0
  for (const value of vector) squares += value * value
  const scale = 1 / Math.sqrt(squares / vector.length + epsilon)
  for (let at = 0; at < vector.length; at += 1) vector[at] = vector[at]! * scale * factors[at]!
}

function linear(find: TensorSource, name: string, input: Activations): Activations {
  const output = multiply(matrix(find, name), input)
  const bias = find(`${name}.bias`)
  if (!bias) return output
  const values = floatsOf(bias)
  for (let token = 0; token < output.tokens; token += 1) {
    const row = rowOf(output, token)
    for (let at = 0; at < row.length; at += 1) row[at] = row[at]! + values[at]!
  }
  return output
}

/** The outputs of several layers beside each other: as MLC stacks their rows, or from the parts of a checkpoint. */
function stacked(
  find: TensorSource,
  place: string,
  names: readonly string[],
  parts: readonly string[],
  input: Activations,
): Activations {
  const name = names.find((each) => hasLinear(find, `${place}.${each}`))
  if (name) return linear(find, `${place}.${name}`, input)
  const outputs = parts.map((part) => linear(find, `${place}.${part}`, input))
  const output = activations(
    input.tokens,
    outputs.reduce((sum, { columns }) => sum + columns, 0),
  )
  for (let token = 0; token < input.tokens; token += 1) {
    let at = 0
    for (const part of outputs) {
      rowOf(output, token).set(rowOf(part, token), at)
      at += part.columns
    }
  }
  return output
}

/** Every token's row times the transposed matrix: [tokens, matrix.rows]. Each row is dequantized once. */
function multiply(weights: Matrix, input: Activations): Activations {
  if (weights.columns !== input.columns)
    throw new Error(`A matrix of ${weights.columns} columns cannot take ${input.columns} values.`)
  const { columns, values } = input
  const output = activations(input.tokens, weights.rows)
  const row = new Float32Array(columns)
  for (let index = 0; index < weights.rows; index += 1) {
    weights.readRow(index, row)
    for (let token = 0; token < input.tokens; token += 1) {
      const from = token * columns
      // Two sums keep the processor busy while each waits for its own last addition.
      let [even, odd] = [0, 0]
      let at = 0
      for (; at + 1 < columns; at += 2) {
        even += row[at]! * values[from + at]!
        odd += row[at + 1]! * values[from + at + 1]!
      }
      if (at < columns) even += row[at]! * values[from + at]!
      output.values[token * weights.rows + index] = even + odd
    }
  }
  return output
}

function add(to: Activations, other: Activations): void {
  for (let at = 0; at < to.values.length; at += 1) to.values[at] = to.values[at]! + other.values[at]!
}

function activations(tokens: number, columns: number): Activations {
  return { tokens, columns, values: new Float32Array(tokens * columns) }
}

function rowOf({ columns, values }: Activations, token: number): Float32Array {
  return values.subarray(token * columns, (token + 1) * columns)
}

function hasLinear(find: TensorSource, name: string): boolean {
  return Boolean(find(`${name}.q_weight`) ?? find(`${name}.weight`))
}

function matrix(find: TensorSource, name: string): Matrix {
  const found = openMatrix(find, name)
  if (!found) throw new Error(`There is no weight matrix ${name}.`)
  return found
}
