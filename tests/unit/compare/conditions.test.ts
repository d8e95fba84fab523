import { describe, expect, it } from 'vitest'
import { confounders, differingConditions } from '#core/compare/conditions'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import type { RunId } from '#core/run/types'
import { conditions } from './runs'

describe('differingConditions', () => {
  it('finds nothing between runs of one kind', () => {
    expect(differingConditions([conditions({ id: '1' }), conditions({ id: '2' })])).toEqual([])
  })

  it.each<[Parameters<typeof conditions>[0], string[]]>([
    [{ model: 'Qwen' }, ['model', 'weights']],
    [{ quantization: 'q4f32_1' }, ['quantization']],
    [{ fingerprint: 'other' }, ['weights']],
    [{ prompt: 'd4' }, ['prompt']],
    [{ shots: 3 }, ['examples']],
    [{ split: { part: 1, of: 2 } }, ['selection']],
    [{ origin: { kind: 'rerun', runId: 'x' as RunId, share: 0.1 } }, ['selection']],
    [{ maxTokens: 512 }, ['decoding']],
    [{ temperature: 0.7 }, ['decoding']],
    [{ itemsSha256: 'e5' }, ['data']],
    [{ sampleSize: 200 }, ['selection']],
    [{ app: '0.2.0' }, ['app']],
    [{ device: 'GPU' }, ['device']],
  ])('names what %o changes', (change, expected) => {
    expect(differingConditions([conditions(), conditions(change), conditions()])).toEqual(expected)
  })

  it('names examples that another seed has drawn from the same pool', () => {
    const drawn = (drawnBy: number) => conditions({ shots: 3, drawnBy })
    expect(differingConditions([drawn(1), drawn(1)])).toEqual([])
    expect(confounders(drawn(1), drawn(2))).toEqual(['examples'])
  })

  it('names another way to answer, but not stopping early, which changes no answer', () => {
    const one = conditions()
    const several = (samples: number, stopsEarly: boolean) => ({
      ...one,
      plan: { ...one.plan, strategy: { kind: 'self-consistency' as const, samples, stopsEarly } },
    })
    expect(confounders(one, several(8, true))).toEqual(['strategy'])
    expect(confounders(several(16, true), several(8, true))).toEqual(['strategy'])
    expect(confounders(several(8, false), several(8, true))).toEqual([])
  })

  it('takes the seed for a difference only where something is drawn', () => {
    expect(differingConditions([conditions({ seed: 1 }), conditions({ seed: 2 })])).toEqual([])
    expect(
      differingConditions([conditions({ seed: 1, temperature: 1 }), conditions({ seed: 2, temperature: 1 })]),
    ).toEqual(['decoding'])
  })
})

describe('runs of different protocols', () => {
  it('differ in protocol, and not in prompts of one set, though their hashes cover other parts of it', () => {
    const generated = conditions({ prompt: 'c3', temperature: 0.7 })
    const passed = conditions({ prompt: 'd4', protocol: 'letters' })
    expect(differingConditions([generated, passed])).toEqual(['protocol'])
    expect(confounders(generated, passed)).toEqual(['protocol'])
  })

  it('differ in prompts when any words that one of them uses differ', () => {
    const generated = conditions()
    const passed = conditions({ protocol: 'letters' })
    const { 'letter-only': letterOnly, ...others } = ANESBENCH_PROMPTS.templates
    const templates = { ...others, 'letter-only': { ...letterOnly, system: { en: 'Other', zh: '' } } }
    const plan = { ...passed.plan, prompts: { ...ANESBENCH_PROMPTS, templates } }
    expect(differingConditions([generated, { ...passed, plan }])).toEqual(['protocol', 'prompt'])
  })

  it('do not differ in decoding where only one decodes, but two that decode do', () => {
    const first = conditions({ protocol: 'letters', temperature: 1 })
    const second = conditions({ protocol: 'letters', temperature: 0 })
    expect(differingConditions([first, second])).toEqual([])
    expect(differingConditions([conditions({ temperature: 1 }), conditions(), first])).toContain('decoding')
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
