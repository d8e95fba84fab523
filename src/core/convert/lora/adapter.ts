/** A LoRA adapter opened: which tensors of a checkpoint it changes, and the head of a classifier where it brings one. */
import type { ModelResult } from '../../model/failure'
import { failure, success } from '../../result'
import { BYTES_OF, decode, type SourceFormat } from '../number-format'
import type { LoraPair, SourceRows } from '../plan'
import { readSafetensors, type SourceTensor } from '../safetensors'
import type { CheckpointFile, CheckpointSource } from '../source'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, readAdapterConfig, type AdapterConfig } from './adapter-config'

/** A few KB. */
const CONFIG_LIMIT_BYTES = 2 ** 20
/** What PEFT puts before the names of the wrapped model. */
const WRAPPED = /^base_model\.model\./
/** Some of its releases name the adapter, and the copy of a module that was trained as a whole. */
const ADAPTER_NAME = /\.(?:modules_to_save\.)?default(?=\.)/
const HEAD = /^(?:score|classifier)\.(weight|bias)$/
const LORA = /^(.+)\.lora_([AB])\.weight$/
const SOURCE_FORMATS = Object.keys(BYTES_OF)

export interface AdapterHead {
  /** [classes, hidden]. */
  weight: SourceRows
  /** One for each class; 0 where there is none. */
  bias: readonly number[]
}

export interface Adapter {
  config: AdapterConfig
  /** Where its configuration lies, for messages. */
  path: string
  /** By the name of the checkpoint's tensor that each is added to. */
  pairs: ReadonlyMap<string, LoraPair>
  /** Null: it changes a language model, which stays one. */
  head: AdapterHead | null
}

/** @param folder what the paths of its files begin with, "/" included (see `joinSources`) */
export async function openAdapter(
  source: CheckpointSource,
  folder: string,
  signal: AbortSignal,
): Promise<ModelResult<Adapter>> {
  const listed = await source.files(signal)
  if (!listed.ok) return listed
  const file = (name: string): CheckpointFile | undefined =>
    listed.value.find(({ path }) => path === folder + name)
  const [configFile, weights] = [file(ADAPTER_CONFIG), file(ADAPTER_WEIGHTS)]
  if (!configFile || !weights) {
    const missing = [...(configFile ? [] : [ADAPTER_CONFIG]), ...(weights ? [] : [ADAPTER_WEIGHTS])]
    return failure({ kind: 'checkpoint-incomplete', missing: missing.map((name) => folder + name) })
  }
  if (configFile.bytes > CONFIG_LIMIT_BYTES)
    return failure({ kind: 'too-large', bytes: configFile.bytes, limitBytes: CONFIG_LIMIT_BYTES })
  const text = await source.readText(configFile.path, 0, configFile.bytes, signal)
  if (!text.ok) return text
  const config = readAdapterConfig(text.value, configFile.path)
  if (!config.ok) return config
  const header = await readSafetensors(source, weights.path, weights.bytes, signal)
  if (!header.ok) return header
  const found = sorted(header.value, config.value, weights.path)
  if (!found.ok) return found
  const { pairs, weight, bias } = found.value
  if (!weight) return success({ config: config.value, path: configFile.path, pairs, head: null })
  const numbers = await readVector(source, bias, weight.rows, signal)
  if (!numbers.ok) return numbers
  const head = { weight, bias: numbers.value }
  return success({ config: config.value, path: configFile.path, pairs, head })
}

interface Found {
  pairs: Map<string, LoraPair>
  weight: SourceRows | null
  bias: SourceTensor | null
}

/** Every tensor must be one half of a pair, or of the head: nothing of an adapter may be left out unnoticed. */
function sorted(
  tensors: readonly SourceTensor[],
  { rank, scale }: AdapterConfig,
  path: string,
): ModelResult<Found> {
  const halves = new Map<string, { A?: SourceRows; B?: SourceRows }>()
  let weight: SourceRows | null = null
  let bias: SourceTensor | null = null
  for (const tensor of tensors) {
    const { dtype } = tensor
    if (!SOURCE_FORMATS.includes(dtype))
      return failure({ kind: 'tensor-dtype', path, tensor: tensor.name, dtype, supported: SOURCE_FORMATS })
    const name = tensor.name.replace(WRAPPED, '').replace(ADAPTER_NAME, '')
    const head = HEAD.exec(name)?.[1]
    const [, module, half] = LORA.exec(name) ?? []
    if (head === 'bias' && tensor.shape.length === 1) bias = tensor
    else if (head === 'weight' && tensor.shape.length === 2) weight = rowsOf(tensor)
    else if (module !== undefined && (half === 'A' || half === 'B') && tensor.shape.length === 2) {
      const rows = rowsOf(tensor)
      const found = half === 'A' ? rows.rows : rows.columns
      if (found !== rank) {
        const sizes = { expected: `rank ${rank}`, actual: tensor.shape.join(' × ') }
        return failure({ kind: 'tensor-shape', path, tensor: tensor.name, ...sizes })
      }
      halves.set(module, { ...halves.get(module), [half]: rows })
    } else return failure({ kind: 'tensor-unexpected', path, tensor: tensor.name })
  }
  const pairs = new Map<string, LoraPair>()
  for (const [module, { A: a, B: b }] of halves) {
    if (!a || !b) return failure({ kind: 'tensor-missing', path, tensor: `${module}.lora_${a ? 'B' : 'A'}` })
    pairs.set(`${module}.weight`, { a, b, scale })
  }
  if (bias && !weight) return failure({ kind: 'tensor-missing', path, tensor: 'score.weight' })
  return success({ pairs, weight, bias })
}

function rowsOf({ name, path, begin, dtype, shape }: SourceTensor): SourceRows {
  const [rows = 1, columns = 1] = shape
  return { tensor: name, path, begin, format: dtype as SourceFormat, rows, columns }
}

async function readVector(
  source: CheckpointSource,
  tensor: SourceTensor | null,
  length: number,
  signal: AbortSignal,
): Promise<ModelResult<number[]>> {
  if (!tensor) return success(Array.from({ length }, () => 0))
  const { path, name, begin, end, dtype, shape } = tensor
  if (shape[0] !== length) {
    const sizes = { expected: String(length), actual: shape.join(' × ') }
    return failure({ kind: 'tensor-shape', path, tensor: name, ...sizes })
  }
  const bytes = await source.read(path, begin, end, signal)
  if (!bytes.ok) return bytes
  const numbers = new Float32Array(length)
  decode(dtype as SourceFormat, bytes.value, numbers)
  const index = numbers.findIndex((number) => !Number.isFinite(number))
  return index < 0 ? success([...numbers]) : failure({ kind: 'tensor-not-finite', path, tensor: name, index })
}
