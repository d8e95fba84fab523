import { describe, expect, it, vi } from 'vitest'
import type { ConversationId } from '#core/chat/types'
import { failure } from '#core/result'
import { ChatDatabase } from '#data/db/chats'
import { BUILT_IN, QWEN_CPU, type Tab } from './chat-fixture'
import { answered, asked, readyTab, stored, tab } from './chat-tabs'

describe('a question', () => {
  it('is stored before the model starts', async () => {
    const one = await readyTab()
    await one.chats.send('  What is zorane? ')
    expect(one.engine.requests).toHaveLength(1)
    expect(await stored(one, one.chats.openId)).toEqual(['user: What is zorane?'])
    expect(one.chats.list.map(({ title }) => title)).toEqual(['What is zorane?'])
  })

  it('is not asked twice when Enter is pressed twice', async () => {
    const one = await readyTab()
    const [first, second] = await Promise.all([one.chats.send('a'), one.chats.send('a')])
    expect([first, second]).toEqual([true, false])
    expect(one.engine.requests).toHaveLength(1)
    expect(one.chats.list).toHaveLength(1)
  })

  it('is kept by the caller when no model is loaded or nothing was typed', async () => {
    const one = await tab()
    expect(await one.chats.send('a')).toBe(false)
    await one.models.load(BUILT_IN)
    expect(await one.chats.send(' \n ')).toBe(false)
    expect(one.chats.list).toEqual([])
  })

  it('is not lost silently in a conversation deleted by another tab', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    await one.database.clear('conversations')
    expect(await one.chats.send('b')).toBe(false)
    expect(one.chats.problem).toEqual({ kind: 'storage', failure: { kind: 'conversation-gone' } })
    expect(one.chats.busy).toBe(false)
  })
})

describe('a reply', () => {
  it('streams, ends and is stored with its numbers', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    one.engine.say('one')
    expect(one.chats.reply?.text).toBe('one')
    one.engine.say(' two')
    one.engine.end()
    await expect.poll(() => one.chats.busy).toBe(false)
    expect(one.chats.reply).toBeNull()
    expect(one.chats.path.at(-1)).toMatchObject({
      text: 'one two',
      finish: 'stop',
      modelName: 'Formulary',
      promptTokens: 9,
      completionTokens: 2,
      omittedMessages: 0,
    })
    expect(one.chats.finished?.text).toBe('one two')
    expect(await stored(one, one.chats.openId)).toEqual(['user: a', 'stop: one two'])
  })

  it('that is stopped keeps what was written', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    one.engine.say('one')
    one.chats.stop()
    await expect.poll(() => one.chats.busy).toBe(false)
    expect(await stored(one, one.chats.openId)).toEqual(['user: a', 'abort: one'])
  })

  it('that is stopped before its first word leaves the question to be asked again', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    one.chats.stop()
    await expect.poll(() => one.chats.canRetry).toBe(true)
    expect(await stored(one, one.chats.openId)).toEqual(['user: a'])
    void one.chats.retry()
    await expect.poll(() => one.engine.requests.length).toBe(2)
    expect(asked(one)).toEqual(['user: a'])
    one.engine.say('A')
    one.engine.end()
    await expect.poll(() => stored(one, one.chats.openId)).toEqual(['user: a', 'stop: A'])
  })

  it('survives a killed tab as far as it was written', async () => {
    const killed = await readyTab()
    await killed.chats.send('a')
    killed.engine.say('half a')
    await new Promise((resolve) => setTimeout(resolve, 1050))
    killed.engine.say(' reply')
    await expect.poll(() => stored(killed, killed.chats.openId)).toHaveLength(2)
    const next = await tab()
    await next.chats.open(killed.chats.openId)
    expect(next.chats.path.at(-1)).toMatchObject({ text: 'half a reply', finish: 'interrupted' })
    expect(next.chats.busy).toBe(false)
  })

  it('that fails says why and keeps what was written', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    one.engine.say('one')
    one.engine.fail({ kind: 'worker-lost', detail: 'gone' })
    await expect.poll(() => one.chats.busy).toBe(false)
    expect(one.chats.problem).toEqual({ kind: 'engine', failure: { kind: 'worker-lost', detail: 'gone' } })
    expect(await stored(one, one.chats.openId)).toEqual(['user: a', 'interrupted: one'])
  })
})

describe('several turns', () => {
  it('are all shown to the model; the built-in model keeps its own system message', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    await one.chats.send('b')
    expect(asked(one)).toEqual(['user: a', 'assistant: A', 'user: b'])
    expect(one.engine.requests.at(-1)?.temperature).toBe(0)
  })

  it('begin with our system message for a downloaded model', async () => {
    const one = await readyTab(QWEN_CPU)
    await one.chats.send('a')
    expect(asked(one)).toEqual(['system: Be brief.', 'user: a'])
    expect(one.engine.requests.at(-1)?.temperature).toBe(0.7)
  })
})

describe('a conversation that outgrows the context', () => {
  const overflow = { kind: 'context-exceeded', promptTokens: 1400, contextTokens: 1000 } as const

  async function outgrown(): Promise<Tab> {
    const one = await readyTab()
    await answered(one, 'a'.repeat(100), 'A'.repeat(100))
    await answered(one, 'b'.repeat(100), 'B'.repeat(100))
    await one.chats.send('c')
    one.engine.fail(overflow)
    await expect.poll(() => one.chats.busy).toBe(false)
    return one
  }

  it('asks the user, then goes on without the oldest messages and says so', async () => {
    const one = await outgrown()
    expect(one.chats.problem).toMatchObject({ kind: 'context', promptTokens: 1400, canOmit: true })
    void one.chats.overflow.retryWithoutOldest()
    await expect.poll(() => one.engine.requests.length).toBe(4)
    expect(asked(one)?.map((line) => line.slice(0, 7))).toEqual(['user: b', 'assista', 'user: c'])
    one.engine.say('C')
    one.engine.end()
    await expect.poll(() => one.chats.path.at(-1)).toMatchObject({ text: 'C', omittedMessages: 2 })

    await one.chats.send('d')
    expect(asked(one)?.[0]?.slice(0, 7)).toBe('user: b')
    one.engine.fail(overflow)
    await expect.poll(() => asked(one)?.[0]).toBe('user: c')
  })

  it('has a reply written anew, and gone on with, after the same messages', async () => {
    const one = await outgrown()
    void one.chats.overflow.retryWithoutOldest()
    await expect.poll(() => one.engine.requests.length).toBe(4)
    const sent = asked(one)
    one.engine.say('C')
    one.engine.end()
    await expect.poll(() => one.chats.busy).toBe(false)
    const reply = one.chats.path.at(-1)?.id ?? 0
    for (const verb of ['regenerate', 'continueReply'] as const) {
      const count = one.engine.requests.length
      void one.chats[verb](reply)
      await expect.poll(() => one.engine.requests.length).toBe(count + 1)
      expect(asked(one)).toEqual(sent)
      one.chats.stop()
      await expect.poll(() => one.chats.busy).toBe(false)
    }
  })

  it('says when the question alone is too long', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    one.engine.fail(overflow)
    await expect.poll(() => one.chats.problem).toMatchObject({ kind: 'context', canOmit: false })
  })
})

describe('a reply that finds no room', () => {
  it('stays to be read until something else is asked, which follows what is stored', async () => {
    const one = await readyTab()
    const put = vi.spyOn(ChatDatabase.prototype, 'put').mockResolvedValue(failure({ kind: 'storage-full' }))
    await answered(one, 'a', 'A')
    expect(one.chats.problem).toMatchObject({ kind: 'storage' })
    expect(one.chats.path.map(({ text }) => text)).toEqual(['a', 'A'])
    expect(one.chats.canRetry).toBe(true)
    put.mockRestore()
    await answered(one, 'b', 'B')
    expect(one.chats.path.map(({ text }) => text)).toEqual(['a', 'b', 'B'])
  })
})

describe('conversations', () => {
  it('go on being answered while another is open', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    const first = one.chats.openId
    await one.chats.open(null)
    one.engine.say('A')
    expect(one.chats.reply).toBeNull()
    expect(one.chats.writingId).toBe(first)
    expect(await one.chats.send('b')).toBe(false)
    one.engine.end()
    await expect.poll(() => one.chats.busy).toBe(false)
    expect(one.chats.path).toEqual([])
    await one.chats.open(first)
    expect(one.chats.path).toHaveLength(2)
  })

  it('do not show a reply twice when reopened while it is written', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    const first = one.chats.openId
    one.engine.say('A')
    await new Promise((resolve) => setTimeout(resolve, 1050))
    one.engine.say('A')
    await expect.poll(() => stored(one, first)).toHaveLength(2)
    await one.chats.open(null)
    await one.chats.open(first)
    expect(one.chats.path).toHaveLength(1)
    expect(one.chats.reply?.text).toBe('AA')
  })

  it('are listed by their last change', async () => {
    const one = await readyTab()
    await answered(one, 'first', 'A')
    const first = one.chats.openId
    await one.chats.open(null)
    await answered(one, 'second', 'A')
    expect(one.chats.list.map(({ title }) => title)).toEqual(['second', 'first'])
    await one.chats.open(first)
    await answered(one, 'more', 'A')
    expect(one.chats.list.map(({ title }) => title)).toEqual(['first', 'second'])
  })

  it('come back whole when their deletion is undone', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    const id = one.chats.openId
    if (!id) throw new Error('none open')
    await one.chats.remove(id)
    expect([one.chats.openId, one.chats.list.length, one.chats.path.length]).toEqual([null, 0, 0])
    await one.chats.undoRemove(id)
    await one.chats.open(id)
    expect(one.chats.path).toHaveLength(2)
  })

  it('are erased by a later visit, once the undo is over', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    const id = one.chats.openId
    if (!id) throw new Error('none open')
    await one.chats.remove(id)
    await tab()
    expect(await stored(one, id)).toHaveLength(2)
    const record = await one.database.get('conversations', id)
    if (record) await one.database.put('conversations', { ...record, removedAt: Date.now() - 25 * 3_600_000 })
    await tab()
    expect(await stored(one, id)).toEqual([])
  })

  it('that do not exist open as a new one', async () => {
    const one = await tab()
    await one.chats.open('unknown' as ConversationId)
    expect(one.chats.openId).toBeNull()
  })
})
