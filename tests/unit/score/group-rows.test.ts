import { describe, expect, it } from 'vitest'
import { groupRows } from '#core/score/group-rows'
import { accuracyTable } from '#core/score/accuracy-table'
import type { LevelChoice } from '#core/run/types'
import { answer } from './answers'

function rows(groups: [language: 'en' | 'zh', level: Exclude<LevelChoice, 'unlabelled'> | null][]) {
  const answers = groups.map(([language, level]) => answer({ language, level }))
  return groupRows(accuracyTable(answers)).map(
    ({ language, level, group }) => `${language ?? 'all'}/${level ?? 'all'} ${group.n}`,
  )
}

describe('groupRows', () => {
  it('shows levels within languages, languages, levels over languages, then everything', () => {
    expect(
      rows([
        ['en', 1],
        ['en', 2],
        ['zh', 1],
      ]),
    ).toEqual(['en/1 1', 'en/2 1', 'en/all 2', 'zh/1 1', 'zh/all 1', 'all/1 2', 'all/2 1', 'all/all 3'])
  })

  it('leaves out the language lines of a single language', () => {
    expect(
      rows([
        ['zh', 1],
        ['zh', null],
      ]),
    ).toEqual(['all/1 1', 'all/unlabelled 1', 'all/all 2'])
  })

  it('leaves out the level lines of a single level', () => {
    expect(
      rows([
        ['en', 3],
        ['zh', 3],
      ]),
    ).toEqual(['en/all 1', 'zh/all 1', 'all/all 2'])
  })

  it('is one line for one language and one level', () => {
    expect(rows([['en', 2]])).toEqual(['all/2 1'])
  })

  it('is empty without answers', () => {
    expect(rows([])).toEqual([])
  })
})
