import { describe, expect, it } from 'vitest'
import type { Tab } from './chat-fixture'
import { answered, asked, readyTab, stored, tab } from './chat-tabs'

describe('branches', () => {
  const texts = (from: Tab) => from.chats.path.map(({ text }) => text)
  const say = async (from: Tab, reply: string, count: number) => {
    await expect.poll(() => from.engine.requests.length).toBe(count)
    from.engine.say(reply)
    from.engine.end()
    await expect.poll(() => from.chats.busy).toBe(false)
  }

  it('hold other wordings, other replies and other hands, and lead back', async () => {
    const one = await readyTab()
    const { chats } = one
    await answered(one, 'a', 'A')
    await answered(one, 'b', 'B')
    expect(await chats.edit(0, 'other')).toBe(true)
    await say(one, 'O', 3)
    expect(texts(one)).toEqual(['other', 'O'])
    expect(asked(one)).toEqual(['user: other'])
    const [question = 0, reply = 0] = chats.path.map(({ id }) => id)
    void chats.regenerate(reply)
    await say(one, 'O again', 4)
    expect(texts(one)).toEqual(['other', 'O again'])
    expect(chats.branches(reply)).toHaveLength(2)
    expect(await chats.edit(reply, 'by hand')).toBe(true)
    expect(chats.path.at(-1)).toMatchObject({ text: 'by hand', editedFrom: reply })
    expect(one.engine.requests).toHaveLength(4)

    expect(chats.branches(question)).toEqual([0, question])
    await chats.showBranch(0)
    expect(texts(one)).toEqual(['a', 'A', 'b', 'B'])
    const next = await tab()
    await next.chats.open(chats.openId)
    expect(texts(next)).toEqual(['a', 'A', 'b', 'B'])
    await answered(one, 'c', 'C')
    expect(asked(one)).toEqual(['user: a', 'assistant: A', 'user: b', 'assistant: B', 'user: c'])
  })

  it('let a reply be gone on with, and a killed tab keep what was added', async () => {
    const one = await readyTab()
    const { chats } = one
    await answered(one, 'a', 'one')
    void chats.continueReply(1)
    await expect.poll(() => one.engine.requests.length).toBe(2)
    expect(one.engine.requests.at(-1)?.replyStart).toBe('one')
    one.engine.say(' two')
    expect(chats.reply?.text).toBe('one two')
    await new Promise((resolve) => setTimeout(resolve, 1050))
    one.engine.say(' three')
    await expect.poll(() => stored(one, chats.openId)).toHaveLength(3)
    const next = await tab()
    await next.chats.open(chats.openId)
    expect(next.chats.path.at(-1)).toMatchObject({
      text: 'one two three',
      finish: 'interrupted',
      continuedFrom: 1,
    })
    one.engine.end()
    await expect.poll(() => chats.busy).toBe(false)
    expect(chats.path.at(-1)).toMatchObject({ text: 'one two three', finish: 'stop', completionTokens: 2 })
    // The shorter one stands aside.
    expect(chats.branches(chats.path.at(-1)?.id ?? 0)).toHaveLength(1)
  })

  it('lose no reply to one that was stopped before its first word', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    void one.chats.regenerate(1)
    await expect.poll(() => one.engine.requests.length).toBe(2)
    expect(texts(one)).toEqual(['a'])
    one.chats.stop()
    await expect.poll(() => one.chats.busy).toBe(false)
    expect(texts(one)).toEqual(['a', 'A'])
  })

  it('bring back a deleted message with what followed it', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    await answered(one, 'b', 'B')
    await one.chats.removeMessage(1)
    expect(texts(one)).toEqual(['a'])
    await one.chats.undoRemoveMessage(1)
    expect(texts(one)).toEqual(['a', 'A', 'b', 'B'])
  })

  it('bring back a message of the conversation that was left, and nothing of the open one', async () => {
    const one = await readyTab()
    const { chats } = one
    await answered(one, 'a', 'A')
    const left = chats.openId
    await chats.removeMessage(1)
    await chats.open(null)
    await answered(one, 'b', 'B')
    await chats.removeMessage(1)
    await chats.undoRemoveMessage(1, left)
    expect(texts(one)).toEqual(['b'])
    await chats.open(left)
    await expect.poll(() => texts(one)).toEqual(['a', 'A'])
  })

  it('bring back a message while a reply is written, which stays the end', async () => {
    const one = await readyTab()
    const { chats } = one
    await answered(one, 'a', 'A')
    await chats.removeMessage(1)
    await chats.send('b')
    await chats.undoRemoveMessage(1)
    one.engine.say('B')
    one.engine.end()
    await expect.poll(() => chats.busy).toBe(false)
    expect(texts(one)).toEqual(['a', 'b', 'B'])
    await chats.showBranch(1)
    expect(texts(one)).toEqual(['a', 'A'])
  })

  it('keep a reply deleted that goes on being written in another tab', async () => {
    const one = await readyTab()
    await one.chats.send('a')
    await new Promise((resolve) => setTimeout(resolve, 1050))
    one.engine.say('A')
    await expect.poll(() => stored(one, one.chats.openId)).toHaveLength(2)
    const two = await tab()
    await two.chats.open(one.chats.openId)
    await two.chats.removeMessage(1)
    one.engine.end()
    await expect.poll(() => one.chats.busy).toBe(false)
    expect(texts(one)).toEqual(['a'])
    await two.chats.undoRemoveMessage(1)
    expect(texts(two)).toEqual(['a', 'A'])
  })

  it('of two tabs that write into one conversation lose nothing of each other', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    const two = await readyTab()
    await two.chats.open(one.chats.openId)
    await Promise.all([one.chats.send('from one'), two.chats.send('from two')])
    for (const { engine } of [one, two]) engine.say('reply')
    one.engine.end()
    two.engine.end()
    await expect.poll(() => one.chats.busy || two.chats.busy).toBe(false)
    expect((await stored(one, one.chats.openId)).toSorted()).toEqual(
      ['user: a', 'stop: A', 'user: from one', 'user: from two', 'stop: reply', 'stop: reply'].toSorted(),
    )
    // Each sees the other's branch.
    await expect.poll(() => [one, two].map(({ chats }) => chats.branches(2).length)).toEqual([2, 2])
  })
})

describe('a reply that another tab writes', () => {
  it('is followed, and counts as interrupted only when that tab has gone', async () => {
    const one = await readyTab()
    const two = await tab()
    await one.chats.send('a')
    await expect.poll(() => two.chats.list.length).toBe(1)
    await two.chats.open(one.chats.openId)
    await expect.poll(() => two.chats.awaited).toBe(true)
    expect([two.chats.canRetry, one.chats.awaited]).toEqual([false, false])
    one.engine.say('half')
    await new Promise((resolve) => setTimeout(resolve, 1050))
    one.engine.say(' of it')
    await expect.poll(() => two.chats.path.at(-1)?.text).toBe('half of it')
    expect(two.chats.writtenElsewhere).toEqual([two.chats.path.at(-1)?.id])
    one.engine.end()
    await expect.poll(() => two.chats.path.at(-1)).toMatchObject({ finish: 'stop' })
    await expect.poll(() => two.chats.writtenElsewhere.length).toBe(0)
  })
})

describe('a draft', () => {
  it('survives a reload, and a kill a moment after typing', async () => {
    const one = await tab()
    one.chats.draft.text = 'half a quest'
    await expect.poll(() => one.database.get('drafts', '')).toMatchObject({ text: 'half a quest' })
    expect((await tab()).chats.draft.text).toBe('half a quest')
    one.chats.draft.text = 'half a question'
    // What the page does when it is hidden.
    await one.chats.draft.flush()
    expect((await tab()).chats.draft.text).toBe('half a question')
  })

  it('belongs to its conversation, with the messages being rewritten', async () => {
    const one = await readyTab()
    await answered(one, 'a', 'A')
    const first = one.chats.openId
    one.chats.draft.text = 'to the first'
    one.chats.draft.setEdit(0, 'a better')
    await one.chats.open(null)
    expect([one.chats.draft.text, one.chats.draft.edits.size]).toEqual(['', 0])
    one.chats.draft.text = 'to none'
    const next = await tab()
    await next.chats.open(first)
    expect(next.chats.draft.text).toBe('to the first')
    expect([...next.chats.draft.edits]).toEqual([[0, 'a better']])
    next.chats.draft.setEdit(0, null)
    next.chats.draft.text = ''
    await next.chats.draft.flush()
    expect(await next.database.get('drafts', first ?? '')).toBeUndefined()
    await one.chats.open(first)
    await one.chats.open(null)
    expect(one.chats.draft.text).toBe('to none')
  })

  it('is gone once it is sent, and what is typed afterwards goes on in the new conversation', async () => {
    const one = await readyTab()
    one.chats.draft.text = ' a '
    await one.chats.send(' a ')
    expect(one.chats.draft.text).toBe('')
    one.chats.draft.text = 'next'
    await one.chats.draft.flush()
    expect(await one.database.getAllKeys('drafts')).toEqual([one.chats.openId])
  })
})
