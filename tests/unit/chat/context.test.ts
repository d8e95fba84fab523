import { describe, expect, it } from 'vitest'
import { contextUse, conversationOf, estimateTokens, lastTurns, summaryRequest } from '#core/chat/context'
import {
  presetSettings,
  BUILT_IN_PRESETS,
  builtInPreset,
  followsPreset,
  settingsFrom,
} from '#core/chat/presets'
import { chatRequest } from '#core/chat/request'
import type { AssistantMessage, ConversationId, MessageRecord } from '#core/chat/types'

const user = (id: number, text: string): MessageRecord => ({
  id,
  parent: id === 0 ? null : id - 1,
  role: 'user',
  text,
  at: id,
  removedAt: null,
})

const reply = (id: number, text: string, facts: Partial<AssistantMessage> = {}): AssistantMessage =>
  ({
    ...user(id, text),
    role: 'assistant',
    promptTokens: 0,
    completionTokens: 0,
    editedFrom: null,
    continuedFrom: null,
    omittedMessages: 0,
    summary: null,
    engine: { fingerprint: 'one' },
    ...facts,
  }) as AssistantMessage

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    ['word word', 3],
    ['丙泊酚的剂量', 5],
    ['用 propofol', 3],
  ])('of "%s" is %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })
})

describe('contextUse', () => {
  const counted = { promptTokens: 100, completionTokens: 20 }
  const branch = [user(0, 'a'), reply(1, 'A', counted)]

  it('counts up to the last reply of the loaded model and estimates what came after', () => {
    expect(contextUse(branch, 'system', 'one')).toEqual({ tokens: 120, estimated: 0 })
    expect(contextUse([...branch, user(2, 'word word')], 'system', 'one')).toEqual({
      tokens: 123,
      estimated: 3,
    })
  })

  it.each([
    ['another model', 'two', {}],
    ['a reply that the user has rewritten', 'one', { editedFrom: 1 }],
  ])('estimates all of it for %s', (_, fingerprint, facts) => {
    const other = [user(0, 'word word'), reply(1, 'word word', { ...counted, ...facts })]
    expect(contextUse(other, 'word word', fingerprint)).toEqual({ tokens: 9, estimated: 9 })
  })

  it('leaves out what the branch goes on without, and counts what stands for it', () => {
    const summary = { text: 'word word', modelName: 'M', edited: false }
    const cut = [user(0, 'word word'), reply(1, 'word', { omittedMessages: 1, summary })]
    expect(contextUse(cut, null, 'two')).toEqual({ tokens: 4, estimated: 4 })
  })
})

describe('a summary', () => {
  const texts = { instruction: 'Summarise.', user: 'User', model: 'Model' }
  const branch = [user(0, 'a'), reply(1, 'A'), user(2, 'b'), reply(3, 'B'), user(4, 'c')]

  it('is asked of what is to be left out', () => {
    const request = summaryRequest(branch, 2, { omittedMessages: 0, summary: null }, texts)
    expect(request.messages).toEqual([{ role: 'user', content: 'Summarise.\n\nUser: a\n\nModel: A' }])
    expect(request.temperature).toBe(0)
  })

  it('begins with the summary that stood for the oldest messages before', () => {
    const summary = { text: 'So far.', modelName: 'M', edited: false }
    const request = summaryRequest(branch, 4, { omittedMessages: 2, summary }, texts)
    expect(request.messages[0]?.content).toBe('Summarise.\n\nSo far.\n\nUser: b\n\nModel: B')
  })

  it('goes before the first question that is left; examples stay before all', () => {
    const summary = { text: 'So far.', modelName: 'M', edited: false }
    const options = { ...presetSettings('case', 'en'), seed: 1, summaryTitle: 'Earlier:' }
    const examples = [{ role: 'user', content: 'x' } as const, { role: 'assistant', content: 'X' } as const]
    const { messages } = chatRequest(branch, { ...options, cut: { omittedMessages: 2, summary }, examples })
    expect(messages.map(({ role, content }) => `${role}: ${content}`).slice(1)).toEqual([
      'user: x',
      'assistant: X',
      'user: Earlier:\nSo far.\n\nb',
      'assistant: B',
      'user: c',
    ])
  })
})

it('the last turns begin a conversation of their own, with nothing left out of it', () => {
  const branch = [
    user(0, 'a'),
    reply(1, 'A'),
    user(2, 'b'),
    reply(3, 'B', { omittedMessages: 2 }),
    user(4, 'c'),
  ]
  const messages = lastTurns(branch, 2)
  expect(messages.map(({ id, parent, text }) => [id, parent, text])).toEqual([
    [0, null, 'b'],
    [1, 0, 'B'],
    [2, 1, 'c'],
  ])
  expect(messages[1]).toMatchObject({ omittedMessages: 0 })
  const record = { id: 'x' as ConversationId, title: 't', settings: null, origin: null }
  expect(conversationOf(record, messages, 7)).toMatchObject({ leaf: 2, nextMessage: 3, createdAt: 7 })
  expect(conversationOf(record, [], 7)).toMatchObject({ leaf: null, nextMessage: 0 })
})

describe('the built-in presets', () => {
  it.each(BUILT_IN_PRESETS)('%s can be sent in both languages', (name) => {
    for (const language of ['en', 'zh'] as const) {
      const preset = builtInPreset(name, language, { name: 'N', description: 'D' })
      const { system, temperature, topP, maxTokens } = preset.settings
      expect(system === null || system.length > 20).toBe(true)
      expect([temperature >= 0 && temperature <= 1, topP > 0 && topP <= 1, maxTokens > 0]).toEqual([
        true,
        true,
        true,
      ])
      expect(followsPreset(settingsFrom(preset), preset)).toBe(true)
      expect(followsPreset({ ...settingsFrom(preset), seed: 5 }, preset)).toBe(false)
    }
  })

  it('speak the language of the interface; the consultation is Chinese in both', () => {
    const han = /\p{Script=Han}/u
    for (const name of ['anesbench', 'stepwise', 'case'] as const) {
      expect(presetSettings(name, 'en').system).not.toMatch(han)
      expect(presetSettings(name, 'zh').system).toMatch(han)
    }
    expect(presetSettings('consultation', 'en').system).toMatch(han)
  })
})
