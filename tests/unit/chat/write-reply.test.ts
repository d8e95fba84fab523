import { describe, expect, it } from 'vitest'
import { writeReply } from '#app/write-reply'
import { startReply } from '#core/chat/partial-reply'
import type { AssistantMessage } from '#core/chat/types'
import type { EngineResult, Generation, GenerationEvent } from '#core/engine'
import { failure, success } from '#core/result'
import { NO_HASHES } from '../../run-defaults'

const ENGINE = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: '0',
  contextTokens: 100,
  ...NO_HASHES,
} as const
const SETTINGS = { preset: null, system: null, temperature: 0, topP: 1, maxTokens: 10, seed: 0 }
const START = startReply({
  id: 1,
  parent: 0,
  at: 0,
  modelName: 'Test',
  quantization: 'q4f16_1',
  engine: ENGINE,
  settings: SETTINGS,
  omittedMessages: 0,
})
const REQUEST = { messages: [], maxTokens: 10, temperature: 0, topP: 1, seed: 0 }
const GENERATION: Generation = {
  text: 'one two three',
  finish: 'stop',
  promptTokens: 7,
  completionTokens: 3,
  timeToFirstTokenMs: 50,
  decodeMs: 1200,
}

/** Plays events at their times and then ends; collects what is stored and shown. */
async function write(
  events: [at: number, event: GenerationEvent][],
  end: EngineResult<Generation>,
  storable = true,
) {
  let clock = 0
  const stored: AssistantMessage[] = []
  const shown: AssistantMessage[] = []
  const problem = await writeReply(
    START,
    REQUEST,
    {
      engine: {
        generate: (_, onEvent) => {
          for (const [at, event] of events) {
            clock = at
            onEvent(event)
          }
          return Promise.resolve(end)
        },
      },
      now: () => clock,
      store: (reply) => {
        stored.push(reply)
        return Promise.resolve(storable ? success(undefined) : failure({ kind: 'storage-full' }))
      },
      show: (reply) => shown.push(reply),
    },
    new AbortController().signal,
  )
  return { problem, stored, shown }
}

const prompt: [number, GenerationEvent] = [
  50,
  { kind: 'prompt-processed', promptTokens: 7, timeToFirstTokenMs: 50 },
]
const text = (at: number, words: string, completionTokens: number): [number, GenerationEvent] => [
  at,
  { kind: 'text', text: words, completionTokens },
]

describe('writeReply', () => {
  it('stores a growing reply as interrupted about once a second, and at the end as it ended', async () => {
    const { stored, problem } = await write(
      [prompt, text(60, 'one', 1), text(600, ' two', 2), text(1250, ' three', 3)],
      success(GENERATION),
    )
    expect(stored.map(({ text, finish }) => [text, finish])).toEqual([
      ['one two three', 'interrupted'],
      ['one two three', 'stop'],
    ])
    expect(stored[0]).toMatchObject({
      promptTokens: 7,
      completionTokens: 3,
      timeToFirstTokenMs: 50,
      decodeMs: 1200,
    })
    expect(problem).toBeNull()
  })

  it('shows at most every 100 ms, and the end always', async () => {
    const { shown } = await write(
      [text(100, 'a', 1), text(110, 'b', 2), text(120, 'c', 3), text(210, 'd', 4), text(220, 'e', 5)],
      success({ ...GENERATION, text: 'abcde' }),
    )
    expect(shown.map((reply) => reply.text)).toEqual(['a', 'abcd', 'abcde'])
  })

  it('shows what is gone on with before its next word', async () => {
    const shown: string[] = []
    const generate = () => {
      expect(shown).toEqual(['so far'])
      return Promise.resolve(failure({ kind: 'aborted' } as const))
    }
    const store = () => Promise.reject(new Error('nothing new'))
    const show = ({ text }: AssistantMessage) => void shown.push(text)
    const ports = { engine: { generate }, now: () => 0, store, show }
    const start = { ...START, text: 'so far' }
    expect(await writeReply(start, REQUEST, ports, new AbortController().signal)).toBeNull()
  })

  it('keeps what was written when the engine is lost, as interrupted', async () => {
    const lost = { kind: 'worker-lost', detail: '' } as const
    const { stored, problem } = await write([text(10, 'one', 1)], failure(lost))
    expect(stored.at(-1)).toMatchObject({ text: 'one', finish: 'interrupted' })
    expect(problem).toEqual({ kind: 'engine', failure: lost })
  })

  it('keeps what was written when the user stops', async () => {
    const { stored, problem } = await write([text(10, 'one', 1)], failure({ kind: 'aborted' }))
    expect(stored.at(-1)).toMatchObject({ text: 'one', finish: 'abort' })
    expect(problem).toBeNull()
  })

  it('stores nothing when not a word came', async () => {
    const { stored, problem } = await write([prompt], failure({ kind: 'aborted' }))
    expect(stored).toEqual([])
    expect(problem).toBeNull()
  })

  it('says when the reply could not be stored', async () => {
    const { problem } = await write([text(10, 'one', 1)], success(GENERATION), false)
    expect(problem).toEqual({ kind: 'storage', failure: { kind: 'storage-full' } })
  })
})
