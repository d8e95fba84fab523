import { expect, test } from 'vitest'
import { StepScoring, type ScoringPorts } from '#app/step-scoring.svelte'
import { TabWork } from '#app/tab-work.svelte'

test('the scoring of stored replies counts as work of its tab from its beginning to its end', async () => {
  let endReading: () => void = () => undefined
  const reading = new Promise<void>((resolve) => (endReading = resolve))
  const model = { model: { name: 'M' }, variant: { quantization: 'Q' }, description: { fingerprint: 'f' } }
  const scoring = new StepScoring({
    loaded: () => model,
    locks: { acquire: () => Promise.resolve({ kind: 'held', release: () => Promise.resolve() }) },
    keepAwake: () => () => undefined,
    now: () => 0,
    runs: {
      samples: (_run: unknown, position: number) =>
        reading.then(() => ({ position, samples: [], later: [] })),
    },
  } as unknown as ScoringPorts)
  const work = new TabWork(undefined)
  work.watch(() => scoring.busy)
  expect(work.busy).toBe(false)
  const run = { plan: { id: 'run' }, answers: [{ position: 0 }] }
  const scored = scoring.start(run as unknown as Parameters<typeof scoring.start>[0])
  expect(work.busy).toBe(true)
  endReading()
  await scored
  expect(work.busy).toBe(false)
})
