import type { EngineFailure } from '#core/engine'

/** What an error of WebLLM does not say itself. */
export interface FailureContext {
  contextTokens: number
}

/**
 * The failure behind an error of WebLLM. Its error classes are not exported, so they are told by name;
 * errors of WebGPU and of the compiled library have only their text.
 */
export function webLlmFailure(error: unknown, { contextTokens }: FailureContext): EngineFailure {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  const detail = name === '' ? message : `${name}: ${message}`
  switch (name) {
    // The stored file went away, or changed, after it was handed over.
    case 'NotFoundError':
    case 'NotReadableError':
      return { kind: 'model-unavailable', failure: { kind: 'file-unreadable', path: '', detail } }
    case 'CheckFailed':
      return { kind: 'reuse-check-failed', detail: message }
    case 'WebGPUNotAvailableError':
      return { kind: 'webgpu-unavailable', reason: 'no-api' }
    case 'WebGPUNotFoundError':
      return { kind: 'webgpu-unavailable', reason: 'no-adapter' }
    case 'ShaderF16SupportError':
      return { kind: 'feature-missing', feature: 'shader-f16' }
    case 'FeatureSupportError':
      return { kind: 'feature-missing', feature: message }
    // WebLLM unloads its model when it loses the device, and says no more.
    case 'ModelNotLoadedError':
    case 'DeviceLostError':
      return { kind: 'device-lost', detail }
    case 'ContextWindowSizeExceededError':
      return {
        kind: 'context-exceeded',
        promptTokens: Number(/prompt tokens: (\d+)/.exec(message)?.[1] ?? Number.NaN),
        contextTokens,
      }
    case 'MissingModelFile':
    case 'IntegrityError':
    case 'LinkError':
    case 'CompileError':
      return { kind: 'model-invalid', detail }
  }
  if (/device (was|is) lost|lost device/i.test(message)) return { kind: 'device-lost', detail }
  if (/out of memory|allocation failed|OutOfMemory/i.test(message)) return { kind: 'out-of-memory', detail }
  return { kind: 'engine-error', detail }
}
