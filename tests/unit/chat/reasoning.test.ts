import { describe, expect, it } from 'vitest'
import { withoutReasoning } from '#core/answer/strict/reasoning'
import {
  beginnersInside,
  reasoningTime,
  splitReply,
  wordCount,
  type SplitOptions,
} from '#core/chat/reasoning'
import type { MessageRecord } from '#core/chat/types'
import { stepChain } from '#core/chat/reasoning-steps'

/** reply, options, [kind, complete, reasoning] or null, answer */
type Case = [what: string, reply: string, expected: [string, boolean, string] | null, answer: string]

const MEDS3 =
  "Step 0: Let's break down this problem step by step.\n\nStep 1: The airway is difficult.\n\nStep 2: Awake intubation keeps breathing. The answer is {B. Awake intubation}."

const ENDED: Case[] = [
  ['an answer alone', 'Propofol.', null, 'Propofol.'],
  ['nothing', '', null, ''],
  ['a thought and its answer', '<think>\nhm\n</think>\n\nB', ['think', true, 'hm'], 'B'],
  ['a thought opened by the prompt', 'hm, so\n</think>\nB', ['think', true, 'hm, so'], 'B'],
  ['the longer name of the tag', '<Thinking>hm</THINKING>B', ['think', true, 'hm'], 'B'],
  ['a thought that never ended', '<think>hm', ['think', false, 'hm'], ''],
  ['an answer before a thought that never ended', 'B <think>hm', ['think', false, 'hm'], 'B'],
  ['a thought after the answer', 'B<think>hm</think>', ['think', true, 'hm'], 'B'],
  ['two thoughts', '<think>a</think>B<think>c</think>D', ['think', true, 'a\n\nc'], 'BD'],
  ['a thought in a thought', '<think>a<think>b</think>c</think>D', ['think', true, 'a\n\nb\n\nc'], 'D'],
  ['an empty thought', '<think>\n\n</think>\n\nB', null, 'B'],
  ['only closing tags', '</think></think>B', null, 'B'],
  ['Citrus', '<think>hm</think>\n<answer>B</answer>', ['think-answer', true, 'hm'], 'B'],
  [
    'Citrus that answers twice: the last counts',
    '<think>hm</think><answer>A</answer> no: <answer>B</answer>',
    ['think-answer', true, 'hm\n\nA no:'],
    'B',
  ],
  [
    'what follows the answer',
    '<think>hm</think><answer>B</answer>\nAsk a senior.',
    ['think-answer', true, 'hm'],
    'B\nAsk a senior.',
  ],
  ['an answer that is not closed', '<think>hm</think><answer>B', ['think-answer', true, 'hm'], 'B'],
  ['an answer that was never opened', '<think>hm</think>B</answer>', ['think', true, 'hm'], 'B'],
  [
    'an answer in a thought that was never closed',
    '<think>hm <answer>B</answer>',
    ['think-answer', true, 'hm'],
    'B',
  ],
  ['tags in the wrong order', '</answer>x</think><think>y<answer>B', ['think-answer', true, 'x\n\ny'], 'B'],
  ['an answer tag alone', '<answer>B</answer>', null, 'B'],
  ['text that looks like a tag', 'PaCO2 <35 and <thin', null, 'PaCO2 <35 and <thin'],
  [
    'MedS3',
    MEDS3,
    ['steps', true, MEDS3.slice(0, MEDS3.indexOf(' The answer'))],
    'The answer is {B. Awake intubation}.',
  ],
  [
    'a chain from step 1 with a stated answer',
    '**Step 1:** a\n**Step 2:** b\n\nTherefore, the answer is C.',
    ['steps', true, '**Step 1:** a\n**Step 2:** b'],
    'Therefore, the answer is C.',
  ],
  [
    'a Chinese chain',
    '步骤1：气道困难。\n步骤2：保留自主呼吸。因此，答案是B。',
    ['steps', true, '步骤1：气道困难。\n步骤2：保留自主呼吸。'],
    '因此，答案是B。',
  ],
  [
    'a Chinese chain in words',
    '第一步：甲。\n第二步：乙。\n答案：丙',
    ['steps', true, '第一步：甲。\n第二步：乙。'],
    '答案：丙',
  ],
  [
    'a procedure, which is an answer',
    'Step 1: preoxygenate.\nStep 2: induce.',
    null,
    'Step 1: preoxygenate.\nStep 2: induce.',
  ],
  [
    'a procedure after words',
    'Do this.\nStep 1: a\nStep 2: the answer is b',
    null,
    'Do this.\nStep 1: a\nStep 2: the answer is b',
  ],
  ['a chain that was cut off', 'Step 0: a\n\nStep 1: b', ['steps', false, 'Step 0: a\n\nStep 1: b'], ''],
  [
    'a chain in a thought',
    '<think>Step 1: a\nStep 2: b</think>C',
    ['think', true, 'Step 1: a\nStep 2: b'],
    'C',
  ],
]

function shown(reply: string, options?: SplitOptions) {
  const { reasoning, answer } = splitReply(reply, options)
  return { reasoning: reasoning && [reasoning.kind, reasoning.complete, reasoning.text], answer }
}

describe('splitReply', () => {
  it.each(ENDED)('splits %s', (_, reply, reasoning, answer) => {
    expect(shown(reply)).toEqual({ reasoning, answer })
  })

  it.each<Case>([
    ['the first characters of a tag', '<thi', null, ''],
    ['a comparison, which is no tag', 'PaCO2 <3', null, 'PaCO2 <3'],
    ['an open thought', '<think>hm', ['think', false, 'hm'], ''],
    ['an open thought with half a closing tag', '<think>hm</thin', ['think', false, 'hm'], ''],
    ['half an answer tag', '<think>hm</think>\n<ans', ['think', true, 'hm'], ''],
    ['an answer under way', '<think>hm</think><answer>Propo', ['think-answer', true, 'hm'], 'Propo'],
    ['an answer tag that a thought mentions', '<think>then <answer>', ['think', false, 'then'], ''],
    ['a chain under way', 'Step 0: a\n\nStep 1: b', ['steps', false, 'Step 0: a\n\nStep 1: b'], ''],
    ['a first step that may be an answer', 'Step 1: b', null, 'Step 1: b'],
  ])('while it is written, shows %s', (_, reply, reasoning, answer) => {
    expect(shown(reply, { writing: true })).toEqual({ reasoning, answer })
  })

  it('takes the beginning as a thought where the prompt opened it', () => {
    expect(shown('hm', { writing: true, beginsInside: true })).toEqual({
      reasoning: ['think', false, 'hm'],
      answer: '',
    })
  })

  it('finds the answer that the strict scoring reads, where that reads one', () => {
    for (const [, reply] of ENDED) {
      const { reasoning, answer } = splitReply(reply)
      const scored = withoutReasoning(reply)
      if (scored === null || reasoning?.kind === 'steps') continue
      expect(answer.replace('\nAsk a senior.', '')).toBe(scored.replace('</answer>', '').trim())
    }
  })

  it('loses no letter of any reply, at any moment of it', () => {
    const letters = (text: string) =>
      [...text.replace(/<\/?(?:think(?:ing)?|answer)>|\s/gi, '')].sort().join('')
    for (const [, reply] of ENDED) {
      for (let length = 0; length <= reply.length; length += 1) {
        const prefix = reply.slice(0, length)
        const { reasoning, answer } = splitReply(prefix)
        expect(letters((reasoning?.text ?? '') + answer), prefix).toBe(letters(prefix))
      }
    }
  })

  it('takes no longer for hostile replies', () => {
    const bait = ['<think>'.repeat(20_000), '\n'.repeat(100_000), 'Step 0: ' + 'so the '.repeat(30_000)]
    for (const reply of bait) expect(splitReply(reply).answer.length).toBeLessThanOrEqual(reply.length)
  })
})

describe('stepChain', () => {
  it.each<[string, string, [number, string][]]>([
    [
      'MedS3',
      'Step 0: a\n\nStep 1: b',
      [
        [0, 'a'],
        [1, 'b'],
      ],
    ],
    [
      'a number out of turn',
      'Step 1: a\nStep 3: b\nStep 2: c',
      [
        [1, 'a\nStep 3: b'],
        [2, 'c'],
      ],
    ],
    [
      'Markdown',
      '### Step 1. a\n### Step 2. b',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'Chinese numbers beyond ten',
      `${Array.from({ length: 11 }, (_, i) => `第${'一二三四五六七八九十'[i] ?? '十一'}步：x`).join('\n')}`,
      Array.from({ length: 11 }, (_, i): [number, string] => [i + 1, 'x']),
    ],
    ['a chain that begins later', 'Step 4: a', []],
    ['no chain', 'Steps matter.', []],
  ])('reads %s', (_, text, steps) => {
    expect(stepChain(text).map(({ number, text: said }) => [number, said])).toEqual(steps)
  })
})

describe('reasoningTime', () => {
  it('grows while the thought is open and stays when it is closed', () => {
    let time: number | null = null
    const times = ['<think>', '<think>a', '<think>a</think>', '<think>a</think>B', '<think>a</think>BC'].map(
      (reply, index) => (time = reasoningTime(reply, index * 10, time)),
    )
    expect(times).toEqual([null, 10, 10, 10, 10])
  })

  it('counts from the first token where the prompt opened the thought', () => {
    expect(reasoningTime('a</think>', 30, null)).toBe(30)
    expect(reasoningTime('a', 30, null)).toBeNull()
  })
})

it('knows the weights whose prompt opens the thought by their earlier replies', () => {
  const reply = (text: string, fingerprint: string) =>
    ({ role: 'assistant', text, engine: { fingerprint } }) as MessageRecord
  const branch = [reply('hm</think>B', 'a'), reply('<think>hm</think>B', 'b'), reply('B', 'c')]
  expect([...beginnersInside(branch)]).toEqual(['a'])
})

it('counts Chinese characters and words', () => {
  expect(wordCount('MAC 为 1.2，丙泊酚 is off')).toBe(9)
})
