/** A model of the toy in WebLLM, as the parts of our engine share it. */
import type { MLCEngine } from '@mlc-ai/web-llm'
import { rewardHeadOf } from '#core/model/reward-head'
import type { EngineResult } from '#core/engine'
import { failure, success } from '#core/result'
import { LogitTap } from '../../../../src/worker/logit-tap'
import { PromptPaths } from '../../../../src/worker/prefix-cache/prompt-paths'
import { webLlmFailure } from '../../../../src/worker/webllm-failure'
import { KnownPipeline } from '../../../../src/worker/webllm-inner'
import type { LoadedModel, Settle } from '../../../../src/worker/webllm-model'
import type { Pipeline } from '../../../../src/worker/webllm-pipeline'
import { packageOf, type Release } from './package'
import { ToyRuntime, type RuntimeOptions } from './runtime'

const MODEL_ID = 'toy'
export const VOCABULARY = 128
/** Every logit within this counts as the same, as in the self-test. */
export const TOLERANCE = 1e-3
export const SOUND = { sound: true, appendsSound: true, stepsSound: true }

export interface ToyOptions extends Partial<RuntimeOptions> {
  release: Release
  contextTokens?: number
  config?: Record<string, unknown>
}

interface ToyParts {
  runtime: ToyRuntime
  /** Of WebLLM's own pipeline class. */
  instance: object
  tap: LogitTap
}

export interface ToyModel extends LoadedModel, ToyParts {
  settle: Settle
}

/** Every character is a token. */
const tokenizer = {
  encode: (text: string) => Int32Array.from(text, (character) => character.charCodeAt(0) % VOCABULARY),
  decode: (ids: Int32Array) => String.fromCharCode(...ids),
  dispose: () => undefined,
}

export const TEMPLATE = {
  name: 'toy',
  system_template: '{system_message}',
  system_message: '',
  system_prefix_token_ids: [2],
  add_role_after_system_message: true,
  roles: { user: 'U', assistant: 'A', tool: 'T' },
  role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
  messages: [],
  seps: ['\n'],
  role_content_sep: ':',
  role_empty_sep: ':',
  offset: 0,
  stop_str: [],
  stop_token_ids: [0],
}

/** Puts a toy into WebLLM's engine as its `reload` puts a model. */
export function putToy(engine: MLCEngine, modelId: string, options: ToyOptions): ToyParts {
  const { release, contextTokens = 256, config } = options
  const { LLMChatPipeline, CustomLock, ModelType } = packageOf(release)
  const runtime = new ToyRuntime({ chunkTokens: 40, vocabulary: VOCABULARY, ...options })
  const chatConfig = {
    vocab_size: VOCABULARY,
    context_window_size: contextTokens,
    sliding_window_size: -1,
    attention_sink_size: -1,
    conv_template: TEMPLATE,
    tokenizer_info: {},
    temperature: 1,
    top_p: 1,
    ...config,
  }
  const tap = new LogitTap()
  const instance = new LLMChatPipeline(runtime, tokenizer, chatConfig, tap)
  const kept = engine as unknown as Record<string, Map<string, unknown>>
  kept['loadedModelIdToPipeline']!.set(modelId, instance)
  kept['loadedModelIdToChatConfig']!.set(modelId, chatConfig)
  kept['loadedModelIdToModelType']!.set(modelId, ModelType.LLM)
  kept['loadedModelIdToLock']!.set(modelId, new CustomLock())
  return { instance, runtime, tap }
}

export function openToy(options: ToyOptions): ToyModel {
  const { contextTokens = 256, config } = options
  const engine = new (packageOf(options.release).MLCEngine)({ logLevel: 'SILENT' })
  const parts = putToy(engine, MODEL_ID, options)
  const inner = KnownPipeline.of(parts.instance)
  return {
    ...parts,
    engine,
    modelId: MODEL_ID,
    pipeline: parts.instance as Pipeline,
    device: {
      mergeBarrier: 'inserted',
      failure: new Promise(() => undefined),
      stop: () => undefined,
      release: () => undefined,
    },
    rewardHead: rewardHeadOf(config ?? {}),
    inner,
    prompts: new PromptPaths(inner),
    goldenLetters: null,
    isHalfPrecision: false,
    selfTest: null,
    contextTokens,
    settle: (work) => settle(work, contextTokens),
  }
}

async function settle(work: () => Promise<void>, contextTokens: number): Promise<EngineResult<void>> {
  try {
    await work()
    return success(undefined)
  } catch (error) {
    return failure(webLlmFailure(error, { contextTokens }))
  }
}

/** Own members of the pipeline instance that only reuse puts there. */
export function ownMethods({ instance }: Pick<ToyModel, 'instance'>): string[] {
  const names = ['resetKVCache', 'getInputData', 'embedAndForward', 'updateLogitsOnCPU', 'resetChat']
  return names.filter((name) => Object.hasOwn(instance, name))
}
