import { byScoring } from '#core/score/verdict'
import { describe, expect, it } from 'vitest'
import {
  comparisonCsvParts,
  comparisonExport,
  comparisonFileName,
  comparisonJsonParts,
  type ComparisonExport,
} from '#core/export/comparison-export'
import { randomAnswers, answer } from '../score/answers'
import { compareRuns, conditions, tableOf } from '../compare/runs'
import { readCsv } from './read-csv'

const runs = [conditions({ id: 'one' }), conditions({ id: 'two', quantization: 'q4f32_1' })]
const answers = randomAnswers(40, 2)
const table = tableOf(
  answers,
  answers.slice(5).map((one) => ({ ...one, officialLetter: 'A' })),
)

const results = byScoring((scoring) => compareRuns(table, runs, scoring))

describe('comparisonExport', () => {
  const text = [...comparisonJsonParts(comparisonExport(table, runs, results, 7))].join('')
  const file = JSON.parse(text) as ComparisonExport

  it('holds the runs, what differs, both scorings and the letters of every common item', () => {
    expect(file).toMatchObject({ format: 'somnus-comparison', version: 1, exportedAt: 7 })
    expect(file.runs).toEqual(runs)
    expect(file.differing).toEqual(['quantization'])
    expect(file.strict).toEqual(JSON.parse(JSON.stringify(compareRuns(table, runs, 'strict'))))
    expect(file.items).toHaveLength(35)
    const [pair] = file.official?.pairs ?? []
    const onlySecond = file.items.filter(
      ({ answers: [first, second] }) => second?.official?.correct && !first?.official?.correct,
    )
    expect(onlySecond).toHaveLength(pair?.groups.total.onlySecond ?? NaN)
  })

  it('holds neither questions nor replies', () => {
    expect(text).not.toContain('Stem 1')
    expect(text).not.toContain('option 0')
    expect(text).not.toContain('Because')
  })
})

describe('comparisonCsvParts', () => {
  it('has a row per item that two runs answered, with the letters of each', () => {
    const three = tableOf(
      [answer({ position: 0 }), answer({ position: 1, strict: null })],
      [answer({ position: 1, official: 'B', strict: 'B', level: 1 })],
      [answer({ position: 2 })],
    )
    const [header, ...rows] = readCsv(
      [...comparisonCsvParts(three, [...runs, conditions({ id: 'three' })])].join(''),
    )
    expect(header?.slice(0, 12)).toEqual([
      ...['item_id', 'language', 'level', 'option_count', 'key'],
      ...[
        'run1_id',
        'run1_official_letter',
        'run1_official_correct',
        'run1_strict_letter',
        'run1_strict_correct',
        'run1_forward_letter',
        'run1_forward_correct',
      ],
    ])
    expect(rows).toEqual([
      [
        ...['item-1', 'en', '1', '4', 'A'],
        ...['one', 'A', 'true', '', 'false', '', ''],
        ...['two', 'B', 'false', 'B', 'false', '', ''],
        ...['three', '', '', '', '', '', ''],
      ],
    ])
  })
})

it('names the file by the day', () => {
  expect(comparisonFileName(Date.UTC(2026, 10, 22, 12), 'csv')).toBe('somnus-comparison-2026-11-22.csv')
})
