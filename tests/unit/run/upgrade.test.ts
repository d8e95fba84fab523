import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { promptSource } from '#core/prompt/prompt-set'
import { PROMPT_SHA256_OF_V1 } from '#core/run/upgrade'

it('names the words of the first version: if they change, the upgrade needs its own copy of the old ones', () => {
  expect(ANESBENCH_PROMPTS.version).toBe('somnus-anesbench-1')
  const source = promptSource(ANESBENCH_PROMPTS, ['chain-of-thought'])
  expect(createHash('sha256').update(source).digest('hex')).toBe(PROMPT_SHA256_OF_V1)
})
