import { describe, expect, it } from 'vitest'
import { MAX_STEPS } from '#core/strategy/limits'
import { scorableSteps } from '#core/strategy/steps'
import { randomNumbers } from './random-cases'

const texts = (reply: string) => scorableSteps(reply).map(({ text }) => text)

describe('scorableSteps', () => {
  it.each<[string, string, string[]]>([
    [
      "MedS3's chain without step 0",
      "Step 0: Let's break down this problem step by step.\n\nStep 1: The airway is difficult.\n\nStep 2: Awake. The answer is {B}.",
      ['Step 1: The airway is difficult.', 'Step 2: Awake. The answer is {B}.'],
    ],
    [
      'paragraphs inside a step of it stay together',
      'Step 0: x\n\nStep 1: a\n\nb\n\nStep 2: c',
      ['Step 1: a\n\nb', 'Step 2: c'],
    ],
    ['numbers that its model mixed up', 'Step 0: x\n\nStep 2: a\n\nStep 2: b', ['Step 2: a', 'Step 2: b']],
    ['a chain with single line breaks', 'Step 0: x\nStep 1: a\nStep 2: b', ['Step 1: a', 'Step 2: b']],
    ['a chain in Markdown', '**Step 1:** a\n\n**Step 2:** b', ['**Step 1:** a', '**Step 2:** b']],
    ['a Chinese chain', '步骤1：甲。\n步骤2：乙。', ['步骤1：甲。', '步骤2：乙。']],
    ['a chain in a thought', '<think>Step 1: a\nStep 2: b</think>C', ['Step 1: a', 'Step 2: b', 'C']],
    ['paragraphs', 'a\n\nb\r\n\r\nc\nd\n \n\n\te', ['a', 'b', 'c\nd', 'e']],
    ['a thought and its answer', '<think>\na\n\nb\n</think>\n\n<answer>B</answer>', ['a', 'b', 'B']],
    ['a thought that never ended', '<think>a\n\nb', ['a', 'b']],
    ['lines and bullets without words', 'a\n\n---\n\n**\n\nb', ['a', 'b']],
    ['a letter alone', 'B', ['B']],
    ['nothing', ' \n\n', []],
    ['tags alone', '<think></think>', []],
    ['step 0 alone', "Step 0: Let's see. It is B.", []],
    ['half a heading', 'Step', ['Step']],
  ])('finds the steps of %s', (_, reply, steps) => {
    expect(texts(reply)).toEqual(steps)
  })

  it('ends each prefix where its step ends', () => {
    const reply = '<think>\na\n\nb\n</think>\n\nThe answer is B. \n'
    for (const { text, end } of scorableSteps(reply)) {
      expect(reply.slice(0, end).endsWith(text)).toBe(true)
      expect(reply.slice(end)).toMatch(/^\s/)
    }
  })

  it('gives growing prefixes of whatever a model may write', () => {
    const below = randomNumbers(5)
    const pieces = [
      ...['Step 0: x', 'Step 1: a', 'Step 3. b', '\n\nStep', '**Step 2:**', '步骤一：', '第二步：', 'Step'],
      ...[
        '<think>',
        '</think>',
        '<answer>',
        '</answer>',
        '\n',
        '\n\n',
        '\r\n\r\n',
        ' ',
        '---',
        'B',
        '答案',
        '\ud83d',
      ],
    ]
    for (let round = 0; round < 2000; round += 1) {
      const reply = Array.from({ length: below(12) }, () => pieces[below(pieces.length)]).join('')
      let before = 0
      for (const { text, end } of scorableSteps(reply)) {
        expect(text.trim(), reply).toBe(text)
        expect(reply.slice(before, end).endsWith(text), reply).toBe(true)
        expect(text).toMatch(/[\p{L}\p{N}]/u)
        before = end
      }
      expect(before).toBeLessThanOrEqual(reply.length)
    }
  })

  it('makes the rest one step where there are too many', () => {
    const paragraphs = Array.from({ length: MAX_STEPS + 5 }, (_, index) => `p${index}`)
    const reply = paragraphs.join('\n\n')
    const steps = scorableSteps(reply)
    expect(steps).toHaveLength(MAX_STEPS)
    expect(steps.at(-1)).toEqual({ text: paragraphs.slice(MAX_STEPS - 1).join('\n\n'), end: reply.length })
  })
})
