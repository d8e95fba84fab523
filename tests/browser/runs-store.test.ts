import { describe, expect, it } from 'vitest'
import { failure } from '#core/result'
import { ENGINE } from '../unit/run/fixtures'
import {
  connections,
  DATASET,
  freeLocksOf,
  ITEMS,
  MODEL,
  newestId,
  openTab,
  REQUEST,
  type Tab,
} from './runs-fixture'

/** Resolves once the tab's engine is asked question `count`, which then hangs until it is aborted. */
function hangAt(tab: Tab, count: number): Promise<void> {
  return new Promise((reached) => {
    tab.beforeReply = (question, signal) => {
      if (question < count) return Promise.resolve()
      reached()
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    }
  })
}

describe('Runs', () => {
  it('answers a whole run and keeps plan, answers and live numbers', async () => {
    const tab = await openTab()
    const ended = await tab.runs.start(REQUEST)
    expect(ended).toMatchObject({ ok: true, value: { state: { kind: 'finished' }, answered: 12, total: 12 } })
    expect(tab.runs.active).toBeNull()
    const record = await tab.runs.load(newestId(tab))
    expect(record?.plan).toMatchObject({
      protocol: 'generate',
      promptSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      model: MODEL,
      strata: [
        { language: 'en', level: 1, population: 6, sampled: 6 },
        { language: 'zh', level: 1, population: 6, sampled: 6 },
      ],
    })
    expect(new Set(record?.answers.map((answer) => answer.item.id)).size).toBe(12)
  })

  it('goes on after a killed tab at the next unanswered question, nothing lost or doubled', async () => {
    const killed = await openTab()
    const hanging = hangAt(killed, 6)
    void killed.runs.start(REQUEST)
    await hanging
    const id = killed.runs.active!.id
    expect(killed.runs.active).toMatchObject({
      phase: 'answering',
      reply: 'The answer',
      question: { position: 5 },
    })
    // The tab dies: the browser frees its locks and closes its connection; nothing else happens.
    await freeLocksOf(id)
    connections[0]?.close()

    const reloaded = await openTab()
    expect(reloaded.runs.unfinished.map((run) => [run.id, run.answered, run.state.kind])).toEqual([
      [id, 5, 'running'],
    ])
    expect(reloaded.runs.isElsewhere(id)).toBe(false)
    await reloaded.runs.resume(id)
    const record = await reloaded.runs.load(id)
    expect(record?.summary.state).toEqual({ kind: 'finished' })
    expect(record?.answers.map((answer) => answer.position)).toEqual([...ITEMS.keys()])
    expect(record?.interruptions).toMatchObject([{ position: 5, reason: 'tab-lost' }])
    expect(new Set(record?.answers.map((answer) => answer.item.id)).size).toBe(12)
    expect(reloaded.questions).toHaveLength(7)
    expect(reloaded.questions[0]).toBe(killed.questions[5])
  })

  it('does not let a second tab answer a run, nor measure beside it', async () => {
    const [one, other] = [await openTab(), await openTab()]
    const hanging = hangAt(one, 3)
    const run = one.runs.start(REQUEST)
    await hanging
    await other.runs.refresh()
    const id = newestId(other)
    expect(other.runs.isElsewhere(id)).toBe(true)
    expect(await other.runs.resume(id)).toEqual(failure({ kind: 'busy', holder: 'run' }))
    expect(await other.runs.start(REQUEST)).toEqual(failure({ kind: 'busy', holder: 'engine' }))
    expect(other.runs.problem).toEqual({ kind: 'busy', holder: 'engine' })
    expect(other.questions).toEqual([])
    expect(other.runs.summaries).toHaveLength(1)

    one.runs.pause()
    expect(await run).toMatchObject({
      ok: true,
      value: { state: { kind: 'paused', reason: 'user' }, answered: 2 },
    })
    expect(await other.runs.resume(id)).toMatchObject({ ok: true, value: { state: { kind: 'finished' } } })
    expect(other.questions).toHaveLength(10)
  })

  it('keeps two stores from answering twice even without locks', async () => {
    const [one, other] = [await openTab(), await openTab()]
    const hanging = hangAt(one, 1)
    void one.runs.start(REQUEST)
    await hanging
    const id = one.runs.active!.id
    one.beforeReply = () => Promise.resolve()
    await freeLocksOf(id)
    await Promise.all([other.runs.resume(id)])
    const record = await other.runs.load(id)
    expect(record?.answers.map((answer) => answer.position)).toEqual([...ITEMS.keys()])
  })

  it('pauses, shows it, and resumes in the same tab', async () => {
    const tab = await openTab()
    const hanging = hangAt(tab, 4)
    const run = tab.runs.start(REQUEST)
    await hanging
    tab.runs.pause()
    expect(tab.runs.active?.phase).toBe('ending')
    await run
    expect(tab.runs.active).toBeNull()
    expect(tab.runs.unfinished[0]).toMatchObject({ answered: 3, state: { kind: 'paused', reason: 'user' } })
    tab.beforeReply = () => Promise.resolve()
    expect(await tab.runs.resume(newestId(tab))).toMatchObject({ ok: true, value: { answered: 12 } })
  })

  it('stops a running run and a paused one for good', async () => {
    const tab = await openTab()
    const hanging = hangAt(tab, 2)
    const run = tab.runs.start(REQUEST)
    await hanging
    await tab.runs.stop(tab.runs.active!.id)
    expect(await run).toMatchObject({
      ok: true,
      value: { state: { kind: 'stopped', reason: 'user' }, answered: 1 },
    })
    expect(tab.runs.unfinished).toEqual([])
    expect(await tab.runs.resume(newestId(tab))).toMatchObject({ ok: false, failure: { kind: 'log-failed' } })

    const again = hangAt(tab, 4)
    const second = tab.runs.start(REQUEST)
    await again
    tab.runs.pause()
    await second
    await tab.runs.stop(newestId(tab))
    expect(tab.runs.summaries[0]?.state.kind).toBe('stopped')
  })

  it('starts one run only when asked twice at once', async () => {
    const tab = await openTab()
    const both = await Promise.all([tab.runs.startDemo(), tab.runs.startDemo()])
    expect(both.filter((run) => run.ok)).toHaveLength(1)
    expect(tab.runs.summaries).toHaveLength(1)
  })

  it('refuses to resume with other weights', async () => {
    const tab = await openTab()
    const hanging = hangAt(tab, 2)
    const run = tab.runs.start(REQUEST)
    await hanging
    tab.runs.pause()
    await run
    tab.description = { ...ENGINE, fingerprint: '0'.repeat(64) }
    expect(await tab.runs.resume(newestId(tab))).toEqual(failure({ kind: 'model-differs', name: 'Model' }))
    expect(tab.runs.summaries[0]?.answered).toBe(1)
  })

  it('refuses to resume when the dataset is gone or has other items', async () => {
    const tab = await openTab()
    const hanging = hangAt(tab, 2)
    const run = tab.runs.start(REQUEST)
    await hanging
    tab.runs.pause()
    await run
    for (const dataset of [undefined, { ...DATASET, itemsSha256: 'other' }]) {
      tab.dataset = dataset
      expect(await tab.runs.resume(newestId(tab))).toEqual(
        failure({ kind: 'dataset-missing', name: 'Test data' }),
      )
    }
  })

  it('refuses a selection without items and stores nothing', async () => {
    const tab = await openTab()
    const empty = { ...REQUEST, selection: { ...REQUEST.selection, levels: [3 as const] } }
    expect(await tab.runs.start(empty)).toEqual(failure({ kind: 'no-items' }))
    expect(tab.runs.summaries).toEqual([])
  })

  it('flags an item while the run goes on', async () => {
    const tab = await openTab()
    const hanging = hangAt(tab, 3)
    const run = tab.runs.start(REQUEST)
    await hanging
    expect(await tab.runs.flag(newestId(tab), 0, 'two options are right')).toBe(true)
    tab.runs.pause()
    await run
    tab.beforeReply = () => Promise.resolve()
    await tab.runs.resume(newestId(tab))
    expect(tab.runs.summaries[0]).toMatchObject({
      state: { kind: 'finished' },
      flags: { 0: 'two options are right' },
    })
  })

  it('removes a run and brings it back', async () => {
    const tab = await openTab()
    await tab.runs.start(REQUEST)
    const undo = await tab.runs.remove(newestId(tab))
    expect(tab.runs.summaries).toEqual([])
    await undo()
    expect(tab.runs.summaries[0]?.answered).toBe(12)
  })
})
