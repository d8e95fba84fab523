/** What a run asks beyond plain generation, from request to record. */
import { describe, expect, it } from 'vitest'
import { failure } from '#core/result'
import { askedList } from '#core/run/asked-list'
import type { RunRequest } from '#core/run/plan'
import { sha256OfText } from '#data/sha256'
import { connections, DATASET, freeLocksOf, newestId, openTab, REQUEST } from './runs-fixture'

describe('Runs, protocols', () => {
  it('asks with letters, rotations and examples, and keeps rotated answers apart', async () => {
    const tab = await openTab()
    const selection = { ...REQUEST.selection, sampleSize: 8, design: 'simple' } as const
    const shots = { pool: DATASET, count: 1 }
    const request: RunRequest = { ...REQUEST, protocol: 'both', selection, rotationShare: 0.5, shots }
    expect(await tab.runs.start(request)).toMatchObject({ ok: true, value: { total: 12, rotated: 4 } })
    const record = await tab.runs.load(newestId(tab))
    expect(record?.answers).toHaveLength(8)
    expect(record?.rotated).toHaveLength(4)
    expect(record?.rotated.every(({ rotation }) => rotation > 0)).toBe(true)
    expect(record?.answers.every(({ rotation, forward }) => rotation === 0 && forward?.letter === 'C')).toBe(
      true,
    )
    const asked = new Set(record?.answers.map(({ item }) => item.id))
    const { plan } = record!
    expect(plan.shots?.items.map(({ language }) => language)).toEqual(['en', 'zh'])
    expect(plan.shots?.items.filter(({ id }) => asked.has(id))).toEqual([])
    const questions = [...record!.answers, ...record!.rotated].sort((a, b) => a.position - b.position)
    const list = askedList(questions.map(({ item, rotation }) => ({ ...item, rotation })))
    expect(plan.askedSha256).toBe(await sha256OfText(list))
  })

  it('goes on with letters after a killed tab, nothing lost or doubled', async () => {
    const killed = await openTab()
    const hanging = new Promise<void>((reached) => {
      killed.beforeScores = (question, signal) => {
        if (question < 6) return Promise.resolve()
        reached()
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
      }
    })
    void killed.runs.start({ ...REQUEST, protocol: 'letters', rotationShare: 0.5 })
    await hanging
    const id = killed.runs.active!.id
    // The sixth question was begun while the fifth answer was being stored.
    await expect.poll(() => killed.runs.summary(id)?.answered).toBe(5)
    await freeLocksOf(id)
    connections[0]?.close()

    const reloaded = await openTab()
    expect(await reloaded.runs.resume(id)).toMatchObject({ ok: true, value: { answered: 18, total: 18 } })
    const record = await reloaded.runs.load(id)
    const positions = [...record!.answers, ...record!.rotated].map(({ position }) => position)
    expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 18 }, (_, position) => position))
    expect(reloaded.scored).toHaveLength(13)
    expect(reloaded.scored[0]).toBe(killed.scored[5])
    expect(record?.interruptions).toMatchObject([{ position: 5, reason: 'tab-lost' }])
  })

  it('says which examples are missing, and stores nothing', async () => {
    const tab = await openTab()
    const shots = { pool: DATASET, count: 1 }
    // Every item of the pool is asked.
    expect(await tab.runs.start({ ...REQUEST, shots })).toEqual(
      failure({ kind: 'too-few-shots', language: 'en', wanted: 1, found: 0 }),
    )
    expect(tab.runs.summaries).toEqual([])
  })

  it('shares the questions out over the parts of a split', async () => {
    const tab = await openTab()
    const ids: string[] = []
    for (const part of [1, 2, 3]) {
      await tab.runs.start({ ...REQUEST, split: { part, of: 3 } })
      const record = await tab.runs.load(newestId(tab))
      expect(record?.answers).toHaveLength(4)
      ids.push(...(record?.answers.map(({ item }) => item.id) ?? []))
      await tab.runs.remove(newestId(tab))
    }
    expect(new Set(ids).size).toBe(12)
  })
})
