import { describe, expect, test } from 'vitest'
import { splitReply } from '#core/chat/reasoning'
import { scorableSteps } from '#core/strategy/steps'

const CHAINS: [name: string, reply: string][] = [
  [
    'MedS3’s own form',
    "Step 0: Let's break down this problem step by step.\n\nStep 1: The drug is cleared by esterases.\n\nStep 2: So the liver hardly matters.\n\nStep 3: The answer is {B}.",
  ],
  ['a chain from step 1', 'Step 1: Look.\nStep 2: Weigh.\n\nTwo paragraphs.\n\nThe answer is B.'],
  ['a Chinese chain', '步骤1：看病史。\n步骤2：看检查。\n\n答案是 B。'],
  ['a chain in a thought', '<think>Step 1: Look.\n\nStep 2: Weigh.</think>The answer is B.'],
  [
    'a heading out of order',
    'Step 0: Begin.\n\nStep 1: One.\n\nStep 5: Five is part of one.\n\nThe answer is B.',
  ],
]

describe('the steps that the chat shows are those that a scorer judges', () => {
  test.each(CHAINS)('in %s', (_, reply) => {
    const { reasoning, answer } = splitReply(reply)
    const shown = reasoning?.steps.filter(({ number, text }) => number > 0 && text !== '') ?? []
    const judged = scorableSteps(reply)
    expect(shown.length).toBeGreaterThan(0)
    for (const { text } of shown) {
      const step = judged.find((each) => each.text.includes(text.split('\n')[0] ?? ''))
      expect(step, text).toBeDefined()
    }
    // The stated answer is judged too: in the last step, or as one of its own.
    expect(judged.at(-1)?.text.endsWith(answer.trim())).toBe(true)
    expect(judged.map(({ end }) => end)).toEqual(judged.map(({ end }) => end).toSorted((a, b) => a - b))
  })

  test('a list of steps that is an answer is shown whole, and judged step by step', () => {
    const list = 'Step 1: Preoxygenate.\nStep 2: Induce.\nStep 3: Intubate.'
    expect(splitReply(list)).toMatchObject({ reasoning: null, answer: list })
    expect(scorableSteps(list)).toHaveLength(3)
  })
})
