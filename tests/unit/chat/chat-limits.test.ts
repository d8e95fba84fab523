import { describe, expect, it } from 'vitest'
import { isTaken } from '#app/chat-limits'

describe('numbers of a request', () => {
  it.each([
    ['temperature', 0, true],
    ['temperature', 2.1, false],
    ['topP', 1, true],
    ['topP', 0, false],
    ['maxTokens', 32_768, true],
    ['maxTokens', 1.5, false],
    ['seed', 0xffffffff, true],
    ['seed', null, false],
  ] as const)('%s %s is taken: %s', (name, value, expected) => {
    expect(isTaken(name, value)).toBe(expected)
  })
})
