import { describe, expect, it } from 'vitest'
import { cacheBytesPerToken, MOST_SAVED_BYTES, SavedPrompts } from '../../../src/worker/wllama-saved-prompts'

/** Qwen2.5 0.5B: 24 layers, 2 of 14 heads with keys and values, 64 values each. */
const QWEN = {
  'general.architecture': 'qwen2',
  'qwen2.block_count': '24',
  'qwen2.embedding_length': '896',
  'qwen2.attention.head_count': '14',
  'qwen2.attention.head_count_kv': '2',
}
const BYTES = 24 * 2 * 64 * 4

/** Answers requests until memory is full. */
function requestsUntilFull(cached: number, most = 1000): number {
  const saved = new SavedPrompts(QWEN)
  let requests = 0
  for (; requests < most && !saved.isFull; requests += 1) saved.add(250, cached, 50)
  return requests
}

describe('cacheBytesPerToken', () => {
  it('counts keys and values of all layers', () => {
    expect(cacheBytesPerToken(QWEN)).toBe(BYTES)
    expect(cacheBytesPerToken({ ...QWEN, 'qwen2.attention.key_length': '128' })).toBe(2 * BYTES)
  })

  it('takes as many heads as there can be where layers differ', () => {
    expect(cacheBytesPerToken({ ...QWEN, 'qwen2.attention.head_count_kv': '[2, 4]' })).toBe(7 * BYTES)
  })
})

describe('SavedPrompts', () => {
  it('is full once copies of displaced prompts could have filled their share', () => {
    expect(requestsUntilFull(0)).toBe(Math.floor(MOST_SAVED_BYTES / (300 * BYTES)) + 2)
  })

  it('counts no prompt whose larger part was gone on from', () => {
    expect(requestsUntilFull(150)).toBe(1000)
    expect(requestsUntilFull(149)).toBeLessThan(1000)
  })
})
