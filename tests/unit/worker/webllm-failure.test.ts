import { describe, expect, it } from 'vitest'
import { webLlmFailure } from '../../../src/worker/webllm-failure'

function named(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name })
}

const context = { contextTokens: 4096 }

describe('webLlmFailure', () => {
  it.each([
    [named('WebGPUNotAvailableError'), { kind: 'webgpu-unavailable', reason: 'no-api' }],
    [named('ShaderF16SupportError'), { kind: 'feature-missing', feature: 'shader-f16' }],
    [named('DeviceLostError'), { kind: 'device-lost' }],
    [named('ModelNotLoadedError'), { kind: 'device-lost' }],
    [named('OperationError', 'The device is lost.'), { kind: 'device-lost' }],
    [named('LinkError', 'import object field is not a Function'), { kind: 'model-invalid' }],
    [named('RangeError', 'Array buffer allocation failed'), { kind: 'out-of-memory' }],
    [named('MissingModelFile', 'The model has no file "a".'), { kind: 'model-invalid' }],
    [named('NotFoundError'), { kind: 'model-unavailable', failure: { kind: 'file-unreadable' } }],
    [named('NotReadableError'), { kind: 'model-unavailable', failure: { kind: 'file-unreadable' } }],
    [named('CheckFailed', 'x'), { kind: 'reuse-check-failed', detail: 'x' }],
    [named('Error', 'anything else'), { kind: 'engine-error', detail: 'Error: anything else' }],
    ['thrown text', { kind: 'engine-error', detail: 'thrown text' }],
  ])('tells %s', (error, expected) => {
    expect(webLlmFailure(error, context)).toMatchObject(expected)
  })

  it('reads the number of prompt tokens', () => {
    const error = named(
      'ContextWindowSizeExceededError',
      'Prompt tokens exceed context window size: number of prompt tokens: 5000; context window size: 4096',
    )
    expect(webLlmFailure(error, context)).toEqual({
      kind: 'context-exceeded',
      promptTokens: 5000,
      contextTokens: 4096,
    })
  })
})
