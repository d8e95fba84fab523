import { describe, expect, it } from 'vitest'
import { confounders, differingConditions } from '#core/compare/conditions'
import { conditions } from './runs'

describe('differingConditions', () => {
  it('finds nothing between runs of one kind', () => {
    expect(differingConditions([conditions({ id: '1' }), conditions({ id: '2' })])).toEqual([])
  })

  it.each([
    [{ model: 'Qwen' }, ['model', 'weights']],
    [{ quantization: 'q4f32_1' }, ['quantization']],
    [{ fingerprint: 'other' }, ['weights']],
    [{ prompt: 'd4' }, ['prompt']],
    [{ maxTokens: 512 }, ['decoding']],
    [{ temperature: 0.7 }, ['decoding']],
    [{ itemsSha256: 'e5' }, ['data']],
    [{ sampleSize: 200 }, ['selection']],
    [{ app: '0.2.0' }, ['app']],
    [{ device: 'GPU' }, ['device']],
  ])('names what %o changes', (change, expected) => {
    expect(differingConditions([conditions(), conditions(change), conditions()])).toEqual(expected)
  })

  it('takes the seed for a difference only where something is drawn', () => {
    expect(differingConditions([conditions({ seed: 1 }), conditions({ seed: 2 })])).toEqual([])
    expect(
      differingConditions([conditions({ seed: 1, temperature: 1 }), conditions({ seed: 2, temperature: 1 })]),
    ).toEqual(['decoding'])
  })
})

describe('confounders', () => {
  it('are what differs besides the models themselves', () => {
    const first = conditions({ model: 'Morpheus-7B' })
    const second = conditions({ model: 'Qwen2.5-7B', quantization: 'q4f32_1', prompt: 'd4', sampleSize: 9 })
    expect(confounders(first, second)).toEqual(['quantization', 'prompt'])
    expect(confounders(first, conditions({ model: 'Qwen2.5-7B' }))).toEqual([])
  })
})
