/** adapter_config.json of a LoRA adapter (Hugging Face PEFT): what it adds to a checkpoint, and how much of it. */
import * as v from 'valibot'
import type { ModelFailure, ModelResult } from '../../model/failure'
import { parseFile } from '../../model/parse-file'
import { failure, success } from '../../result'

export const ADAPTER_CONFIG = 'adapter_config.json'
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors'
export const ADAPTER_CONFIG_LIMIT_BYTES = 2 ** 20
const MAX_RANK = 4096
/** "owner/name"; whoever trained from a folder names that one, which nobody else has. */
const REPOSITORY = /^[A-Za-z0-9][\w.-]*\/[\w.-]+$/
/** Ways to begin the training that leave the checkpoint's own weights as they are. */
const PLAIN_BEGINNINGS = [true, false, null, 'gaussian', 'eva', 'orthogonal'] as const
/** PEFT names them for every classifier, whichever of them the model has. */
const HEAD_MODULES = ['score', 'classifier']

const ConfigSchema = v.looseObject({
  peft_type: v.string(),
  base_model_name_or_path: v.nullish(v.string(), null),
  r: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_RANK)),
  lora_alpha: v.pipe(v.number(), v.finite()),
  target_modules: v.nullish(v.union([v.string(), v.array(v.string())]), null),
  modules_to_save: v.nullish(v.array(v.string()), null),
  fan_in_fan_out: v.nullish(v.boolean(), false),
  bias: v.nullish(v.string(), 'none'),
  use_rslora: v.nullish(v.boolean(), false),
  init_lora_weights: v.nullish(v.unknown(), null),
  layers_to_transform: v.nullish(v.unknown(), null),
})

/** Entries that change what the adapter is worth, and what they are without. */
const UNSUPPORTED = ['use_dora', 'use_qalora', 'lora_bias', 'rank_pattern', 'alpha_pattern']
  .concat(['layer_replication', 'trainable_token_indices', 'target_parameters', 'alora_invocation_tokens'])
  .concat(['arrow_config', 'megatron_config'])

export interface AdapterConfig {
  /** The repository of the weights that it was trained on; null where it names none. */
  base: string | null
  rank: number
  /** What B · A is multiplied by: alpha / r, or alpha / √r (rsLoRA). */
  scale: number
  /** Last parts of the names of the layers that it changes in every block; null where it is not a list of names. */
  targets: readonly string[] | null
}

/** Fails with the first entry that asks for more than W + scale · B · A. */
export function readAdapterConfig(text: string, path: string): ModelResult<AdapterConfig> {
  const parsed = parseFile(path, text, ConfigSchema)
  if (!parsed.ok) return parsed
  const raw = parsed.value
  const refuse = (entry: string, found: unknown, needed: string): { ok: false; failure: ModelFailure } =>
    failure({
      ...{ kind: 'checkpoint-unsupported', path, entry, found: JSON.stringify(found), needed },
    })
  if (raw.peft_type !== 'LORA') return refuse('peft_type', raw.peft_type, 'LORA')
  if (raw.fan_in_fan_out) return refuse('fan_in_fan_out', true, 'false')
  if (raw.bias !== 'none') return refuse('bias', raw.bias, 'none')
  const set = UNSUPPORTED.find((entry) => !isEmpty(raw[entry]))
  if (set !== undefined) return refuse(set, raw[set], 'nothing')
  if (!PLAIN_BEGINNINGS.some((each) => each === raw.init_lora_weights))
    return refuse('init_lora_weights', raw.init_lora_weights, 'true')
  const saved = raw.modules_to_save?.find((name) => !HEAD_MODULES.includes(name))
  if (saved !== undefined) return refuse('modules_to_save', raw.modules_to_save, 'score')
  const isEverywhere = raw.layers_to_transform === null && Array.isArray(raw.target_modules)
  const base = raw.base_model_name_or_path
  return success({
    base: base !== null && REPOSITORY.test(base) ? base : null,
    rank: raw.r,
    scale: raw.lora_alpha / (raw.use_rslora ? Math.sqrt(raw.r) : raw.r),
    targets: isEverywhere ? (raw.target_modules as string[]) : null,
  })
}

/** Absent, null, false, {} and [] all say that something is not used. */
function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === undefined || value === null || value === false
}
