import { expect, it } from 'vitest'
import { Drafts } from '#app/drafts.svelte'
import { OwnDrafts } from '#app/own-drafts'
import type { ConversationId } from '#core/chat/types'
import type { StoredDraft } from '#data/db/schema'

const [A, B] = ['a', 'b'] as ConversationId[] as [ConversationId, ConversationId]

/** A database that answers, in the order of the calls, once the disk is free. */
function busyDatabase(stored: Record<string, string> = {}) {
  let free: () => void = () => undefined
  let queue = new Promise<void>((resolve) => (free = resolve))
  const kept = new Map(Object.entries(stored))
  const inOrder = <Value>(work: () => Value): Promise<Value> => {
    const done = queue.then(work)
    queue = done.then(() => undefined)
    return done
  }
  return {
    kept,
    free: () => free(),
    get: (id: string) =>
      inOrder((): StoredDraft | undefined => {
        const text = kept.get(id)
        return text === undefined ? undefined : { text, edits: [], at: 0 }
      }),
    put: (id: string, { text }: StoredDraft) => inOrder(() => void kept.set(id, text)),
  }
}

it('what is typed while the disk is busy stays in the conversation that it was typed into', async () => {
  const database = busyDatabase({ b: 'begun before' })
  const drafts = new Drafts({ database, now: () => 0 })
  const opened = drafts.open(A)
  database.free()
  await opened
  drafts.text = 'for a'

  const toB = drafts.open(B)
  expect(drafts.text).toBe('')
  drafts.text = 'for b'
  const flushed = drafts.flush()
  await Promise.all([toB, flushed])
  expect(drafts.text).toBe('begun before\nfor b')
  await drafts.flush()
  expect(Object.fromEntries(database.kept)).toEqual({ a: 'for a', b: 'begun before\nfor b' })
})

it('what two tabs type into one conversation outlives the reload of each', async () => {
  const database = busyDatabase()
  database.free()
  const storages = [new Map<string, string>(), new Map<string, string>()]
  const load = async (tab: number) => {
    const kept = storages[tab]!
    const own = new OwnDrafts({
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    })
    const drafts = new Drafts({ database, own, now: () => 0 })
    await drafts.open('')
    return drafts
  }
  const tabs = [await load(0), await load(1)]
  for (const [index, drafts] of tabs.entries()) {
    drafts.text = `tab ${index}`
    await drafts.flush()
  }
  expect((await load(0)).text).toBe('tab 0')
  expect((await load(1)).text).toBe('tab 1')

  // What was sent is gone; then there is what another tab has typed.
  const [first] = tabs
  first!.text = ''
  await first!.flush()
  expect(storages[0]!.size).toBe(0)
  tabs[1]!.text = 'still typed'
  await tabs[1]!.flush()
  expect((await load(0)).text).toBe('still typed')
})
