/** Loading of a model into WebLLM. */
import type { MLCEngine } from '@mlc-ai/web-llm'
import type {
  EngineDescription,
  EngineFailure,
  EngineResult,
  LoadProgress,
  LoadRequest,
  ModelSource,
} from '#core/engine'
import { rewardHeadOf } from '#core/model/reward-head'
import { isReferenceFor } from '#core/numerics/golden-letters'
import { failure, success } from '#core/result'
import { aborted, unlessAborted } from './abort'
import { LogitTap } from './logit-tap'
import { showMlcFiles } from './mlc-files'
import { inspectAdapter } from './webgpu-adapter'
import { watchNextDevice } from './webgpu-device'
import { PromptPaths } from './prefix-cache/prompt-paths'
import { KnownPipeline } from './webllm-inner'
import { failureOf, type LoadedModel } from './webllm-model'
import { pipelineOf } from './webllm-pipeline'
import { webLlmProgress } from './webllm-progress'

/** The package as a parameter: compiled libraries fit one generation of it, and tests bring an older one. */
export interface WebLlmPackage {
  version: string
  MLCEngine: typeof MLCEngine
}

export interface Opened {
  model: LoadedModel
  description: EngineDescription
}

/** Opens a GPU device and loads the model on it. After a failure or an abort nothing of either is left. */
export async function openModel(
  webllm: WebLlmPackage,
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<Opened>> {
  const { source } = request
  if (source.kind !== 'mlc')
    return failure({ kind: 'model-invalid', detail: 'The WebGPU engine runs MLC models.' })
  const adapter = await inspectAdapter(source.requiresShaderF16)
  if (!adapter.ok) return adapter
  if (signal.aborted) return aborted()
  onProgress({ kind: 'preparing', step: 'initialise' })
  const model = await reload(webllm, source, request, onProgress, signal)
  if (!model.ok) return model
  return success({
    model: model.value,
    description: {
      engine: 'webllm',
      engineVersion: webllm.version,
      device: adapter.value,
      fingerprint: source.fingerprint,
      librarySha256: source.librarySha256,
      tokenizerSha256: source.tokenizerSha256,
      contextTokens: request.contextTokens,
      numerics: { mergeBarrier: model.value.device.mergeBarrier, selfTest: null },
      ...(model.value.rewardHead && { isRewardModel: true }),
    },
  })
}

async function reload(
  webllm: WebLlmPackage,
  source: ModelSource & { kind: 'mlc' },
  { contextTokens, mergeBarrier, goldenLetters }: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<LoadedModel>> {
  const { modelId } = source
  const files = showMlcFiles(source.files, source.library)
  const tap = new LogitTap()
  const engine = new webllm.MLCEngine({
    appConfig: {
      model_list: [{ model: files.weightsUrl, model_id: modelId, model_lib: files.libraryUrl }],
    },
    logitProcessorRegistry: new Map([[modelId, tap]]),
    logLevel: 'SILENT',
    initProgressCallback: webLlmProgress(onProgress),
  })
  const device = watchNextDevice(mergeBarrier !== false)
  const loading = engine.reload(modelId, { context_window_size: contextTokens })
  try {
    const end = await unlessAborted(
      Promise.race([loading, device.failure.then((reason) => Promise.reject(new DeviceFailed(reason)))]),
      signal,
    )
    if (end === 'aborted') {
      // Without its device WebLLM ends soon; if it does not, the page replaces this worker.
      device.release()
      void engine.unload()
      await loading.then(() => engine.unload()).catch(() => undefined)
      return aborted()
    }
    const pipeline = pipelineOf(engine, modelId)
    const rewardHead = rewardHeadOf(pipeline.config)
    const inner = KnownPipeline.of(pipeline)
    return success({
      ...{ engine, modelId, pipeline, inner, tap, device, rewardHead, contextTokens },
      prompts: new PromptPaths(inner),
      goldenLetters: goldenLetters && isReferenceFor(goldenLetters, source) ? goldenLetters : null,
      isHalfPrecision: source.requiresShaderF16,
      selfTest: null,
    })
  } catch (error) {
    const reason =
      error instanceof DeviceFailed ? error.failure : await failureOf(error, device, { contextTokens })
    device.release()
    void engine.unload().catch(() => undefined)
    return signal.aborted ? aborted() : failure(reason)
  } finally {
    device.stop()
    files.restore()
  }
}

class DeviceFailed extends Error {
  readonly failure: EngineFailure

  constructor(reason: EngineFailure) {
    super(reason.kind)
    this.failure = reason
  }
}
