/** Neither the order of a dataset's rows nor that of the answers changes what is asked and what comes of it. */
import { expect, it } from 'vitest'
import { sumTallies } from '#core/run/progress'
import { sampleItems } from '#core/run/sample'
import type { SampleDesign } from '#core/run/types'
import { accuracyTable } from '#core/score/accuracy-table'
import { randomAnswers, seededRandom, shuffled } from '../score/answers'
import { created, fold, makePlan, started } from './fixtures'

const DESIGNS: readonly SampleDesign[] = ['proportional', 'equal', 'simple']

it.each(DESIGNS)('permuted rows give the same accuracies, to the last bit: %s', (design) => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const answers = randomAnswers(300, seed)
    const rows = shuffled(answers, seededRandom(seed + 500))
    const table = (all: typeof answers) => {
      const items = all.map(({ item }) => item)
      const selection = {
        languages: ['en', 'zh'],
        levels: [1, 2, 3, 'unlabelled'],
        sampleSize: 120,
        seed,
        design,
      } as const
      const { strata, itemIndexes } = sampleItems(items, selection)
      return { strata, table: accuracyTable(itemIndexes.flatMap((index) => all[index] ?? [])) }
    }
    expect(table(rows)).toEqual(table(answers))
  }
})

it('a run’s counts do not depend on the order in which its questions were answered', () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const answers = randomAnswers(120, seed)
    const counts = (all: typeof answers) => {
      const events = all.map((answer, position) => ({
        kind: 'answered' as const,
        at: 3,
        answer: { ...answer, position },
      }))
      const run = fold([created(makePlan(all.length)), started(), ...events])
      return { sum: sumTallies(run), cells: new Set(run.tallies.map((tally) => JSON.stringify(tally))) }
    }
    expect(counts(shuffled(answers, seededRandom(seed)))).toEqual(counts(answers))
  }
})
