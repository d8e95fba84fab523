import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  conversationFile,
  conversationJsonParts,
  CONVERSATION_SCHEMA,
  type ConversationFile,
  type ConversationScope,
} from '#core/chat/files/conversation-file'
import { MAX_MESSAGES, TOP_P_ABOVE } from '#core/chat/files/limits'
import { PRESET_SCHEMA, presetFileText, readPresetFile } from '#core/chat/files/preset-file'
import { readConversation } from '#core/chat/files/read-conversation'
import { finish } from '#core/steps'
import conversationSchema from '../../../../public/schemas/somnus-conversation-1.schema.json'
import presetSchema from '../../../../public/schemas/somnus-preset-1.schema.json'
import { onGpu, WRONG_APPENDS } from '../../../numerics'
import { shapeOfSchema, shapeOfType, type Schema } from '../../export/type-shape'
import { conversation, MESSAGES, reply, SAMPLED, user } from './conversations'

const file = (scope: ConversationScope = 'tree', messages = MESSAGES) =>
  conversationFile({
    conversation: conversation(),
    messages,
    scope,
    app: '0.1.0',
    notice: 'For research and teaching.',
    exportedAt: 5000,
  })

const textOf = (of: ConversationFile) => [...conversationJsonParts(of)].join('')
const read = (text: string) => finish(readConversation(text))

const ajv = new Ajv2020({ allErrors: true, strict: true })

describe('a conversation file', () => {
  it('holds all branches, without what was deleted', () => {
    const made = file()
    expect(made.messages.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5])
    expect(made.messages.some((message) => 'removedAt' in message)).toBe(false)
    expect(made.conversation).toMatchObject({ id: 'talk', leaf: 5, nextMessage: 9 })
    expect(made.conversation).not.toHaveProperty('pinned')
  })

  it('holds the branch shown', () => {
    expect(file('branch').messages.map(({ id }) => id)).toEqual([0, 4, 5])
  })

  it.each(['tree', 'branch'] as const)('is read back as it was written (%s)', (scope) => {
    const made = file(scope)
    expect(read(textOf(made))).toEqual({ ok: true, value: made })
  })

  it('is read back with hostile texts as they are', () => {
    const hostile = '</script>"\\u0000\u2028]]>\u202E<img onerror=x>'
    const made = file('tree', [user(0, null, hostile), reply(1, 0, hostile)])
    expect(read(textOf(made))).toEqual({ ok: true, value: made })
  })

  it('keeps what is known of a graphics unit’s numbers, as its schema says', () => {
    const engine = onGpu({ mergeBarrier: 'inserted', selfTest: WRONG_APPENDS })
    const made = file('tree', [user(0, null, 'Why?'), reply(1, 0, 'So.', { engine })])
    expect(read(textOf(made))).toEqual({ ok: true, value: made })
    const fits = ajv.compile(conversationSchema)
    expect([fits(JSON.parse(textOf(made))), fits.errors]).toEqual([true, null])
  })

  const sampled = () => {
    const options = ['The kidney', 'The liver']
    const of = conversation({ leaf: 1, nextMessage: 2, strategy: SAMPLED.sampling!.strategy })
    return conversationFile({
      ...{ conversation: { ...of, origin: of.origin && { ...of.origin, options } } },
      ...{ messages: [user(0, null, 'Which?'), SAMPLED], scope: 'tree', app: '', notice: '', exportedAt: 0 },
    })
  }

  it('is read back with the replies that one was chosen among, and fits the schema', () => {
    const made = sampled()
    expect(read(textOf(made))).toEqual({ ok: true, value: made })
    const validate = ajv.compile(conversationSchema)
    expect(validate(JSON.parse(textOf(made))) || validate.errors).toBe(true)
  })

  it.each([
    ['a sample shown that is none', { shown: 2 }],
    ['a strategy of one reply', { strategy: { kind: 'single' } }],
    ['a score above 1', { samples: [{ ...SAMPLED.sampling!.samples[0]!, scores: { steps: [2] } }] }],
  ])('is refused with %s', (_, changes) => {
    const made = structuredClone(sampled())
    Object.assign((made.messages[1] as typeof SAMPLED).sampling!, changes)
    expect(read(textOf(made))).toMatchObject({ ok: false, failure: { kind: 'misfit' } })
  })

  it('is read back with a reply that a run decoded with top-p 0', () => {
    const settings = { ...conversation().settings!, topP: 0 }
    const made = file('tree', [user(0, null, 'Why?'), reply(1, 0, 'So.', { settings })])
    expect(read(textOf(made))).toEqual({ ok: true, value: made })
    const fits = ajv.compile(conversationSchema)
    expect([fits(JSON.parse(textOf(made))), fits.errors]).toEqual([true, null])
    Object.assign(made.conversation, { settings })
    expect(fits(JSON.parse(textOf(made)))).toBe(false)
  })

  it('of a conversation without messages is read back', () => {
    const made = conversationFile({
      ...{ conversation: conversation({ leaf: null, nextMessage: 0 }), messages: [], scope: 'tree' },
      ...{ app: '', notice: '', exportedAt: 0 },
    })
    expect(read(textOf(made))).toEqual({ ok: true, value: made })
  })
})

describe('the published schema', () => {
  it('says of every member of a conversation what its TypeScript type says', () => {
    const type = shapeOfType('src/core/chat/files/conversation-file.ts', 'ConversationFile', [])
    expect(shapeOfSchema(conversationSchema as unknown as Schema, [])).toEqual(type)
  }, 60_000)

  it('lies where the files say', () => {
    expect([conversationSchema.$id, presetSchema.$id]).toEqual([CONVERSATION_SCHEMA, PRESET_SCHEMA])
  })

  it('fits what is exported, and nothing else', () => {
    const validate = ajv.compile(conversationSchema)
    for (const made of [file(), file('branch')]) expect(validate(made) || validate.errors).toBe(true)
    expect(validate({ ...file(), version: 2 })).toBe(false)
    const preset = JSON.parse(presetFileText(PRESET)) as unknown
    expect(ajv.compile(presetSchema)(preset)).toBe(true)
  })
})

describe('a file that is no sound conversation says where and what was expected', () => {
  const changed = (change: (made: ConversationFile) => void) => {
    const made = structuredClone(file())
    change(made)
    return JSON.stringify(made)
  }

  it.each([
    ['no JSON', '{"format":', { kind: 'not-json', element: null }],
    ['JSON cut off in a message', textOf(file()).slice(0, -200), { kind: 'not-json' }],
    ['another file', '{"format":"somnus-run","messages":[]}', { kind: 'other-format' }],
    [
      'a newer version',
      changed((made) => Object.assign(made, { version: 2 })),
      { kind: 'other-version', version: 2 },
    ],
    [
      'no messages',
      changed((made) => Reflect.deleteProperty(made, 'messages')),
      { kind: 'misfit', place: 'messages', expected: { kind: 'list' } },
    ],
    [
      'a title that is no text',
      changed((made) => Object.assign(made.conversation, { title: 7 })),
      { kind: 'misfit', place: 'conversation.title', expected: { kind: 'text' }, found: '7' },
    ],
    [
      'a reply without its model',
      changed((made) => Reflect.deleteProperty(made.messages[1]!, 'modelName')),
      { kind: 'misfit', place: 'messages[1].modelName', expected: { kind: 'present' } },
    ],
    [
      'a message of another role',
      changed((made) => Object.assign(made.messages[0]!, { role: 'system' })),
      { kind: 'misfit', place: 'messages[0].role', expected: { kind: 'one-of' } },
    ],
    [
      'a temperature beyond the limit',
      changed((made) => Object.assign(made.conversation.settings!, { temperature: 3 })),
      { kind: 'misfit', place: 'conversation.settings.temperature', expected: { kind: 'up-to', limit: 2 } },
    ],
    [
      'a top-p that leaves no token to the next reply',
      changed((made) => Object.assign(made.conversation.settings!, { topP: 0 })),
      {
        ...{ kind: 'misfit', place: 'conversation.settings.topP' },
        ...{ expected: { kind: 'above', limit: TOP_P_ABOVE }, found: '0' },
      },
    ],
    [
      'a number twice',
      changed((made) => Object.assign(made.messages[2]!, { id: 1 })),
      { kind: 'misfit', place: 'messages[2].id', expected: { kind: 'larger-number', than: 1 }, found: '1' },
    ],
    [
      'a parent that comes later',
      changed((made) => Object.assign(made.messages[1]!, { parent: 4 })),
      { kind: 'misfit', place: 'messages[1].parent', expected: { kind: 'earlier-message' }, found: '4' },
    ],
    [
      'an end that is no message',
      changed((made) => Object.assign(made.conversation, { leaf: 99 })),
      { kind: 'misfit', place: 'conversation.leaf', expected: { kind: 'message' }, found: '99' },
    ],
    [
      'an end without messages',
      changed((made) => Object.assign(made, { messages: [] })),
      { kind: 'misfit', place: 'conversation.leaf', expected: { kind: 'no-message' }, found: '5' },
    ],
    [
      'numbers that would be used twice',
      changed((made) => Object.assign(made.conversation, { nextMessage: 5 })),
      { kind: 'misfit', place: 'conversation.nextMessage', expected: { kind: 'larger-number', than: 5 } },
    ],
    [
      'numbers that cannot be counted up',
      changed((made) => Object.assign(made.conversation, { nextMessage: Number.MAX_SAFE_INTEGER })),
      { kind: 'misfit', place: 'conversation.nextMessage' },
    ],
  ])('%s', (_, text, problem) => {
    expect(read(text)).toMatchObject({ ok: false, failure: problem })
  })

  it('too many messages', () => {
    const messages = Array.from({ length: MAX_MESSAGES + 1 }, () => 0)
    const text = JSON.stringify({ ...file(), messages })
    expect(read(text)).toEqual({ ok: false, failure: { kind: 'too-many', limit: MAX_MESSAGES } })
  })

  it('a message beyond the limit', () => {
    const text = textOf(file('tree', [user(0, null, 'x'.repeat(1_000_001)), reply(1, 0, 'x')]))
    expect(read(text)).toMatchObject({
      failure: { place: 'messages[0].text', expected: { kind: 'at-most-long', limit: 1_000_000 } },
    })
  })
})

const PRESET = {
  name: 'Step by step',
  description: 'Reasons first.',
  settings: { system: 'Think, then answer.', temperature: 0.6, topP: 0.9, maxTokens: 512, seed: null },
}

describe('a preset file', () => {
  it('is read back as it was written, whatever stood before it', () => {
    expect(readPresetFile(`\uFEFF${presetFileText(PRESET)}`)).toEqual({ ok: true, value: PRESET })
  })

  it.each([
    ['no JSON', '{', { kind: 'not-json' }],
    ['a list', '[]', { kind: 'other-format' }],
    ['another file', '{"format":"somnus-prompts","version":1}', { kind: 'other-format' }],
    ['a newer version', '{"format":"somnus-preset","version":2}', { kind: 'other-version', version: 2 }],
    [
      'a nameless one',
      presetFileText({ ...PRESET, name: ' ' }),
      { kind: 'misfit', place: 'preset.name', expected: { kind: 'at-least-long', limit: 1 } },
    ],
    [
      'a top-p that leaves no token',
      presetFileText({ ...PRESET, settings: { ...PRESET.settings, topP: 0 } }),
      { kind: 'misfit', place: 'preset.settings.topP', expected: { kind: 'above', limit: 0 }, found: '0' },
    ],
    [
      'a seed that is no whole number',
      presetFileText({ ...PRESET, settings: { ...PRESET.settings, seed: 1.5 } }),
      { kind: 'misfit', place: 'preset.settings.seed', expected: { kind: 'whole-number' } },
    ],
  ])('says what is wrong with %s', (_, text, problem) => {
    expect(readPresetFile(text)).toMatchObject({ ok: false, failure: problem })
  })
})
