/** The look at the inside of WebLLM's pipeline, of both releases, and of what a later one may become. */
import { describe, expect, it } from 'vitest'
import { failure } from '#core/result'
import { forwardOf } from '../../../../src/worker/webllm-forward'
import { KnownPipeline } from '../../../../src/worker/webllm-inner'
import { openToy, type ToyModel, type ToyOptions } from './model'

const RELEASES = ['0.2.79', '0.2.86'] as const

function knownOf(toy: ToyModel): KnownPipeline {
  if (!toy.inner.ok) throw new Error(toy.inner.failure)
  return toy.inner.value
}

/** The pipeline with other members, and with the class's methods unless they are among them. */
function altered(pipeline: object, members: Record<string, unknown>): unknown {
  const methods = Object.create(Object.getPrototypeOf(pipeline) as object) as Record<string, unknown>
  const other = Object.assign(Object.create(methods) as object, pipeline) as Record<string, unknown>
  for (const [name, value] of Object.entries(members)) {
    if (name in pipeline && !Object.hasOwn(pipeline, name)) methods[name] = value
    else other[name] = value
  }
  return other
}

describe.each(RELEASES)('KnownPipeline, WebLLM %s', (release) => {
  it('knows the release, and leaves nothing behind by looking', () => {
    const toy = openToy({ release })
    expect(toy.inner.ok).toBe(true)
    expect(toy.runtime.openScopes).toBe(0)
  })

  it.each([
    ['without a way to take tokens off', { lacks: ['kv_state_popn'] }, 'structure-unknown'],
    [
      'with a sliding window',
      { config: { sliding_window_size: 64, context_window_size: -1, attention_sink_size: 0 } },
      'sliding-window',
    ],
  ] as [string, Partial<ToyOptions>, string][])('refuses a model %s', (_, options, reason) => {
    expect(openToy({ release, ...options }).inner).toEqual(failure(reason))
  })

  it.each([
    [{ rnnState: {} }, 'recurrent-model'],
    [{ kvStateKind: 'hybrid' }, 'recurrent-model'],
    [{ slidingWindowSize: 4096 }, 'sliding-window'],
    [{ slidingWindowSize: undefined }, 'structure-unknown'],
    [{ artifact: {} }, 'structure-unknown'],
    [{ image_embed: () => undefined }, 'structure-unknown'],
    [{ kvCache: undefined }, 'structure-unknown'],
    [{ filledKVCacheLength: undefined }, 'structure-unknown'],
    [{ prefillChunkSize: 0 }, 'structure-unknown'],
    [{ fullVocabSize: '128' }, 'structure-unknown'],
    [{ contextWindowSize: -1 }, 'structure-unknown'],
    [{ tvm: {} }, 'structure-unknown'],
    [{ device: {} }, 'structure-unknown'],
    [{ embedAndForward: undefined }, 'structure-unknown'],
    [{ resetKVCache: undefined }, 'structure-unknown'],
    [{ updateLogitsOnCPU: undefined }, 'structure-unknown'],
    [{ getInputData: 7 }, 'structure-unknown'],
  ])('refuses a pipeline with %o', (members, reason) => {
    const { instance } = openToy({ release })
    expect(KnownPipeline.of(altered(instance, {})).ok).toBe(true)
    expect(KnownPipeline.of(altered(instance, members))).toEqual(failure(reason))
  })

  it.each([undefined, null, 7, 'pipeline', {}])('refuses %o in place of a pipeline', (pipeline) => {
    expect(KnownPipeline.of(pipeline)).toEqual(failure('structure-unknown'))
  })

  it('tells the length of the cache by its own count and by the package’s', async () => {
    const toy = openToy({ release })
    const known = knownOf(toy)
    await forwardOf(known).feed([5, 6, 7, 8])
    expect([known.length, known.lengthInCache]).toEqual([4, 4])
    toy.runtime.popCount = () => 1
    known.pop(2)
    expect([known.length, known.lengthInCache]).toEqual([2, 3])
    const silent = openToy({ release, lacks: ['attention_kv_cache_get_total_sequence_length'] })
    expect(knownOf(silent).lengthInCache).toBeNull()
  })

  it('goes by the class, whatever the instance carries', async () => {
    const toy = openToy({ release })
    const known = knownOf(toy)
    const none = () => Promise.reject(new Error('The instance was asked.'))
    Object.assign(toy.instance, { embedAndForward: none, resetKVCache: none, updateLogitsOnCPU: none })
    await forwardOf(known).feed([5, 6])
    known.reset()
    expect([known.length, known.lengthInCache]).toEqual([0, 0])
  })
})

describe.each(RELEASES)('forwardOf, WebLLM %s', (release) => {
  it('gives the logits of the whole vocabulary as a copy, and ends what it made', async () => {
    const toy = openToy({ release, chunkTokens: 16 })
    const forward = forwardOf(knownOf(toy))
    const first = await forward.feed([5, 6, 7])
    const kept = first.slice()
    const second = await forward.feed([8])
    expect(first).toEqual(kept)
    expect(second).not.toEqual(first)
    expect([forward.chunkTokens, forward.length, toy.runtime.openScopes]).toEqual([16, 4, 0])
    forward.pop(2)
    forward.pop(0)
    expect(toy.runtime.tokens).toEqual([5, 6])
    forward.reset()
    expect([forward.length, toy.runtime.tokens]).toEqual([0, []])
  })

  it('refuses what is no chunk, what the cache has no room for, and to take off what is not there', async () => {
    const toy = openToy({ release, chunkTokens: 16, contextTokens: 20 })
    const forward = forwardOf(knownOf(toy))
    await expect(forward.feed([])).rejects.toThrow(RangeError)
    await expect(forward.feed(Array.from({ length: 17 }, () => 3))).rejects.toThrow(RangeError)
    await forward.feed(Array.from({ length: 16 }, () => 3))
    await expect(forward.feed([3, 3, 3, 3, 3])).rejects.toThrow(RangeError)
    expect(() => forward.pop(17)).toThrow(RangeError)
    expect(forward.length).toBe(16)
  })
})
