import { expect, test } from 'vitest'
import { renderConversation, type ConversationTemplate } from '#core/convert/conversation'
import { randomBelow } from '#core/run/random'
import { readNumericsOptions } from '../../../scripts/test-webgpu/numerics/options'
import { questionsOf } from '../../../scripts/test-webgpu/numerics/questions'
import { RandomWalk, STEPS } from '../../../scripts/test-webgpu/numerics/random-walk'
import { conversationConfig } from '../../../scripts/test-webgpu/synthetic-tokenizer'

test('questions share exactly the tokens asked for, and have exactly as many behind them', () => {
  const template = conversationConfig().conv_template as ConversationTemplate
  const prompts = questionsOf(30, 150, 100, 1).map((messages) =>
    renderConversation(template, messages).replaceAll(/<\|\w+\|>/g, '*'),
  )
  expect(new Set(prompts.map(({ length }) => length))).toEqual(new Set([250]))
  for (const [at, prompt] of prompts.slice(1).entries()) {
    const before = prompts[at]!
    expect([...prompt].findIndex((character, place) => character !== before[place])).toBe(150)
  }
})

test('a walk takes every kind of step, never grows beyond three turns, and repeats itself from its seed', () => {
  const kinds = () => {
    const walk = new RandomWalk(randomBelow(3, 0))
    return Array.from({ length: 200 }, () => {
      const { kind, messages } = walk.next()
      expect(messages.at(-1)!.role).toBe('user')
      expect(messages.length).toBeLessThanOrEqual(1 + 3 * 2)
      walk.answered('reply')
      return kind
    })
  }
  expect(new Set(kinds())).toEqual(new Set(STEPS))
  expect(kinds()).toEqual(kinds())
})

test('the defaults are the promised sizes; unknown parts and sizes are refused', () => {
  expect(readNumericsOptions(['--numerics', '--lib', 'x.wasm'])).toMatchObject({
    ...{ sequences: 200, questions: 30, prefixTokens: 150, questionTokens: 100 },
    parts: ['self-test', 'faults', 'speed', 'sequences'],
  })
  expect(readNumericsOptions(['--lib', 'x.wasm', '--parts', 'fault'])).toContain('--parts')
  expect(readNumericsOptions(['--lib', 'x.wasm', '--questions', '0'])).toContain('--questions')
  expect(readNumericsOptions(['--numerics'])).toContain('--lib')
})
