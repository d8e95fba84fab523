/** LoRA adapters for the tiny checkpoints, as PEFT writes them. */
import { configOf, json, tensorsOf, type Architecture } from './checkpoint-fixture'
import { random, safetensors, type Files, type GivenTensor } from './safetensors-fixture'

/** Not a multiple of the four that are added at a time. */
export const RANK = 6
export const ALL_LINEAR = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

export interface AdapterOptions {
  config?: Record<string, unknown>
  checkpoint?: Record<string, unknown>
  targets?: readonly string[]
  seed?: number
  /** A classifier's rows, and its bias. */
  head?: { weight: Float32Array; bias?: Float32Array }
  change?: (tensors: GivenTensor[]) => GivenTensor[]
}

export function adapterTensors(architecture: Architecture, options: AdapterOptions = {}): GivenTensor[] {
  const { targets = ALL_LINEAR, seed = 1, head } = options
  const config = configOf(architecture, options.checkpoint)
  const pairs = tensorsOf(config)
    .filter(({ name, shape }) => shape.length === 2 && targets.some((each) => name.includes(`.${each}.`)))
    .flatMap(({ name, shape }, index): GivenTensor[] => {
      const module = `base_model.model.${name.replace(/\.weight$/, '')}`
      const [rows = 0, columns = 0] = shape
      const number = seed * 5000 + 2 * index
      const a = { name: `${module}.lora_A.weight`, shape: [RANK, columns], dtype: 'F32' as const }
      const b = { name: `${module}.lora_B.weight`, shape: [rows, RANK], dtype: 'F32' as const }
      return [
        { ...a, values: random(RANK * columns, number, 0.6 / Math.sqrt(columns)) },
        { ...b, values: random(rows * RANK, number + 1, 0.4) },
      ]
    })
  const hidden = config.hidden_size
  const score = (part: string, shape: number[], values: Float32Array): GivenTensor => ({
    ...{ name: `base_model.model.score.${part}`, shape, values, dtype: 'F32' },
  })
  return [
    ...pairs,
    ...(head ? [score('weight', [head.weight.length / hidden, hidden], head.weight)] : []),
    ...(head?.bias ? [score('bias', [head.bias.length], head.bias)] : []),
  ]
}

export function adapterConfig(options: AdapterOptions = {}): Record<string, unknown> {
  return {
    ...{ peft_type: 'LORA', r: RANK, lora_alpha: 2 * RANK, bias: 'none', fan_in_fan_out: false },
    ...{ target_modules: options.targets ?? ALL_LINEAR, modules_to_save: ['classifier', 'score'] },
    ...{ use_dora: false, use_rslora: false, rank_pattern: {}, alpha_pattern: {}, init_lora_weights: true },
    ...options.config,
  }
}

/** An adapter's folder. */
export function adapter(architecture: Architecture, options: AdapterOptions = {}): Files {
  const tensors = adapterTensors(architecture, options)
  return new Map([
    ['adapter_config.json', json(adapterConfig(options))],
    ['adapter_model.safetensors', safetensors(options.change?.(tensors) ?? tensors)],
  ])
}

/** W + scale · B · A, number by number: sums over the rank in double precision, rounded once to float32. */
export function denseMerge(
  base: readonly GivenTensor[],
  added: readonly GivenTensor[],
  scale: number,
): GivenTensor[] {
  const find = (name: string) => added.find((each) => each.name === `base_model.model.${name}`)?.values
  return base.map((tensor) => {
    const module = tensor.name.replace(/\.weight$/, '')
    const [a, b] = [find(`${module}.lora_A.weight`), find(`${module}.lora_B.weight`)]
    if (!a || !b) return { ...tensor, dtype: 'F32' }
    const columns = tensor.shape[1]!
    const values = tensor.values.map((weight, at) => {
      let sum = 0
      for (let k = 0; k < RANK; k++)
        sum += b[Math.floor(at / columns) * RANK + k]! * a[k * columns + (at % columns)]!
      return weight + scale * sum
    })
    return { ...tensor, values, dtype: 'F32' }
  })
}
