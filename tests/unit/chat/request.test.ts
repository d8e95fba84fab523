import { describe, expect, it } from 'vitest'
import { chatRequest, decodeSpeed, furtherOmission, SAMPLED, titleOf } from '#core/chat/request'
import type { AssistantMessage, MessageRecord } from '#core/chat/types'
import { NO_HASHES } from '../../run-defaults'

const ENGINE = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: '0',
  contextTokens: 100,
  ...NO_HASHES,
} as const

// The order of the list is what counts here.
const PLACE = { id: 0, parent: null, removedAt: null }
const user = (text: string): MessageRecord => ({ ...PLACE, role: 'user', text, at: 0 })
const reply = (text: string): AssistantMessage => ({
  ...PLACE,
  role: 'assistant',
  text,
  at: 0,
  editedFrom: null,
  continuedFrom: null,
  summary: null,
  reasoningMs: null,
  settings: null,
  finish: 'stop',
  modelName: 'Test',
  quantization: 'q4f16_1',
  engine: ENGINE,
  promptTokens: 1,
  completionTokens: 1,
  timeToFirstTokenMs: 1,
  decodeMs: 1,
  omittedMessages: 0,
})

const OPTIONS = { ...SAMPLED, maxTokens: 1024, seed: 1, summaryTitle: 'Earlier:' }

function asked(messages: MessageRecord[], omit = 0, system: string | null = null): string[] {
  return chatRequest(messages, {
    ...OPTIONS,
    system,
    cut: { omittedMessages: omit, summary: null },
  }).messages.map(({ role, content }) => `${role}: ${content}`)
}

describe('chatRequest', () => {
  const talk = [user('a'), reply('A'), user('b'), reply('B'), user('c')]

  it('sends all turns in order, the system message first', () => {
    expect(asked(talk, 0, 'S')).toEqual([
      'system: S',
      'user: a',
      'assistant: A',
      'user: b',
      'assistant: B',
      'user: c',
    ])
  })
  it('leaves the system message to the model when there is none', () => {
    expect(asked([user('a')])).toEqual(['user: a'])
  })
  it('asks greedily where top-p leaves but the most probable token, since WebLLM refuses 0', () => {
    const of = (topP: number) =>
      chatRequest([user('a')], {
        ...{ ...OPTIONS, temperature: 0.7, topP, system: null },
        cut: { omittedMessages: 0, summary: null },
      })
    expect(of(0)).toMatchObject({ temperature: 0, topP: 1 })
    expect(of(0.01)).toMatchObject({ temperature: 0.7, topP: 0.01 })
  })
  it('leaves out the oldest messages', () => {
    expect(asked(talk, 2)).toEqual(['user: b', 'assistant: B', 'user: c'])
  })
  it('leaves out questions that never got a reply, so that turns alternate', () => {
    expect(asked([user('a'), user('b'), reply('B'), user('c'), reply(''), user('d')])).toEqual([
      'user: b',
      'assistant: B',
      'user: d',
    ])
  })
  it('leaves out a reply whose question is left out', () => {
    expect(asked(talk, 1)).toEqual(['user: b', 'assistant: B', 'user: c'])
  })
})

describe('furtherOmission', () => {
  const ten = 'x'.repeat(10)
  const talk = [user(ten), reply(ten), user(ten), reply(ten), user(ten)]

  it('keeps as many of the newest turns as fit three quarters of the context', () => {
    // 50 characters are 100 tokens; 75 wanted of 100, so 37 characters: from message 2 (30 characters).
    expect(furtherOmission(talk, 0, 100, 100)).toBe(2)
    expect(furtherOmission(talk, 0, 100, 50)).toBe(4)
  })
  it('leaves out at least one more turn each time', () => {
    expect(furtherOmission(talk, 2, 101, 1000)).toBe(4)
  })
  it('leaves the question alone when nothing fits by estimate', () => {
    expect(furtherOmission(talk, 0, 1000, 10)).toBe(4)
  })
  it('says when only the question is left', () => {
    expect(furtherOmission(talk, 4, 100, 50)).toBeNull()
    expect(furtherOmission([user('a')], 0, 100, 50)).toBeNull()
  })
})

describe('titleOf', () => {
  it.each([
    ['What is zorane?', 'What is zorane?'],
    ['  first\nsecond', 'first'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['x'.repeat(61), `${'x'.repeat(59)}…`],
    ['𠮷'.repeat(70), `${'𠮷'.repeat(59)}…`],
  ])('%j', (text, title) => {
    expect(titleOf(text)).toBe(title)
  })
})

describe('decodeSpeed', () => {
  it('counts the intervals between tokens', () => {
    expect(decodeSpeed({ completionTokens: 11, decodeMs: 500 })).toBe(20)
  })
  it.each([
    { completionTokens: 1, decodeMs: 500 },
    { completionTokens: 5, decodeMs: 0 },
  ])('has nothing to tell for %j', (counts) => {
    expect(decodeSpeed(counts)).toBeNull()
  })
})
