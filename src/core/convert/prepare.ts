/** All of a conversion but the weights: what will be written, and what the user should know before it begins. */
import type { ModelResult } from '../model/failure'
import type { RewardHead } from '../model/reward-head'
import { failure, success } from '../result'
import {
  GENERATION_CONFIG,
  mlcChatConfig,
  NO_GENERATION_DEFAULTS,
  readGenerationConfig,
  type GenerationDefaults,
} from './chat-config'
import { deriveTemplate, type DerivedTemplate, type RenderJinja } from './chat-template'
import { openCheckpoint, readSmallFile, type Checkpoint } from './checkpoint'
import { openAdapter, type Adapter } from './lora/adapter'
import { rewardHead } from './lora/head-rows'
import { adapterFolder } from './lora/join-sources'
import { planConversion, type ConversionPlan } from './plan'
import type { Quantization } from './quantization'
import type { CheckpointSource } from './source'
import type { Family } from './template-families'
import {
  readAddedTokens,
  readTokenizer,
  readTokenizerConfig,
  SENTENCEPIECE_INFO,
  TOKENIZER_COPIES,
  TOKENIZER_LIMIT_BYTES,
  type Tokenizer,
  type TokenizerConfig,
} from './tokenizer'

export const TOKENIZER_CONFIG = 'tokenizer_config.json'
/** Newer checkpoints keep their template in a file of its own. */
export const TEMPLATE_FILE = 'chat_template.jinja'
const ADDED_TOKENS = 'added_tokens.json'
const SMALL_LIMIT_BYTES = 16 * 2 ** 20

export interface Choices {
  quantization: Quantization
  /** Null: to be recognised. */
  family: Family | null
  /** How many adapters `joinSources` has put beside the checkpoint; they are merged in their order. */
  adapters?: number
}

export interface Preparation {
  plan: ConversionPlan
  template: DerivedTemplate
  /** The content of mlc-chat-config.json. */
  chatConfig: ReturnType<typeof mlcChatConfig>
  /** Files of the checkpoint that the model needs as they are. */
  copies: { path: string; bytes: number }[]
}

export async function prepareConversion(
  source: CheckpointSource,
  { quantization, family, adapters = 0 }: Choices,
  render: RenderJinja,
  signal: AbortSignal,
): Promise<ModelResult<Preparation>> {
  const opened = await openCheckpoint(source, signal)
  if (!opened.ok) return opened
  const checkpoint = opened.value
  const opening = await openAdapters(source, adapters, signal)
  if (!opening.ok) return opening
  const plan = planConversion(checkpoint, quantization, opening.value)
  if (!plan.ok) return plan
  const copies = TOKENIZER_COPIES.flatMap((path) => checkpoint.files.filter((file) => file.path === path))
  const tokenizer = await tokenizerOf(source, checkpoint, signal)
  if (!tokenizer.ok) return tokenizer
  const small = await smallFiles(source, checkpoint, signal)
  if (!small.ok) return small
  const { generation, tokenizerConfig, added, jinja, templatePath } = small.value
  const { config } = checkpoint
  // A sentencepiece file (tokenizer.model) does not tell of tokens that were added to it.
  const idOf = (token: string) => {
    const id = tokenizer.value.added.get(token) ?? tokenizerConfig.added.get(token) ?? added.get(token)
    return id !== undefined && id < config.vocabulary ? id : undefined
  }
  const { beginToken: begin, endToken } = tokenizerConfig
  const beginId = idOf(begin ?? '') ?? config.beginTokens[0]
  const beginToken = begin === null || beginId === undefined ? null : { text: begin, id: beginId }
  const template = deriveTemplate({ jinja, path: templatePath, beginToken, endToken, family }, render)
  if (!template.ok) return template
  const stopTokens = template.value.stops.flatMap((stop) => idOf(stop) ?? [])
  const chatConfig = mlcChatConfig({
    ...{ config, quantization, generation, stopTokens, tokenizer: tokenizer.value.info },
    ...{ template: template.value.template, tokenizerFiles: copies.map(({ path }) => path) },
    rewardHead: rewardHeadOf(plan.value, opening.value),
  })
  return success({ plan: plan.value, template: template.value, chatConfig, copies })
}

async function openAdapters(
  source: CheckpointSource,
  count: number,
  signal: AbortSignal,
): Promise<ModelResult<Adapter[]>> {
  const adapters: Adapter[] = []
  for (let index = 0; index < count; index += 1) {
    const adapter = await openAdapter(source, adapterFolder(index), signal)
    if (!adapter.ok) return adapter
    adapters.push(adapter.value)
  }
  return success(adapters)
}

/** Null for a language model. */
function rewardHeadOf({ shards }: ConversionPlan, adapters: readonly Adapter[]): RewardHead | null {
  const head = shards.flatMap(({ units }) => units).find((unit) => unit.head)?.head
  const bias = adapters.findLast((adapter) => adapter.head)?.head?.bias ?? []
  return head ? rewardHead(head.quantization, head.tokens, bias) : null
}

async function tokenizerOf(
  source: CheckpointSource,
  { files, config }: Checkpoint,
  signal: AbortSignal,
): Promise<ModelResult<Tokenizer>> {
  if (!files.some(({ path }) => path === 'tokenizer.json')) {
    const hasModel = files.some(({ path }) => path === 'tokenizer.model')
    if (!hasModel) return failure({ kind: 'checkpoint-incomplete', missing: ['tokenizer.json'] })
    return success({ info: SENTENCEPIECE_INFO, added: new Map<string, number>() })
  }
  const text = await readSmallFile(source, files, 'tokenizer.json', TOKENIZER_LIMIT_BYTES, signal)
  return text.ok ? readTokenizer(text.value, 'tokenizer.json', config.vocabulary) : text
}

interface SmallFiles {
  generation: GenerationDefaults
  tokenizerConfig: TokenizerConfig
  /** Of added_tokens.json. */
  added: ReadonlyMap<string, number>
  jinja: string | null
  templatePath: string
}

/** None of them must be there. */
async function smallFiles(
  source: CheckpointSource,
  { files }: Checkpoint,
  signal: AbortSignal,
): Promise<ModelResult<SmallFiles>> {
  const texts: Record<string, string | null> = {}
  for (const path of [GENERATION_CONFIG, TOKENIZER_CONFIG, ADDED_TOKENS, TEMPLATE_FILE]) {
    texts[path] = null
    if (!files.some((file) => file.path === path)) continue
    const text = await readSmallFile(source, files, path, SMALL_LIMIT_BYTES, signal)
    if (!text.ok) return text
    texts[path] = text.value
  }
  const generationText = texts[GENERATION_CONFIG] ?? null
  const generation =
    generationText === null ? success(NO_GENERATION_DEFAULTS) : readGenerationConfig(generationText)
  if (!generation.ok) return generation
  const configText = texts[TOKENIZER_CONFIG] ?? '{}'
  const tokenizerConfig = readTokenizerConfig(configText, TOKENIZER_CONFIG)
  if (!tokenizerConfig.ok) return tokenizerConfig
  const added = readAddedTokens(texts[ADDED_TOKENS] ?? '{}', ADDED_TOKENS)
  if (!added.ok) return added
  const own = texts[TEMPLATE_FILE] ?? null
  return success({
    ...{ generation: generation.value, tokenizerConfig: tokenizerConfig.value, added: added.value },
    jinja: own ?? tokenizerConfig.value.chatTemplate,
    templatePath: own === null ? TOKENIZER_CONFIG : TEMPLATE_FILE,
  })
}
