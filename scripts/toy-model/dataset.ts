/** Draws the built-in benchmark: questions kept out of training, in AnesBench's row shape. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { optionLetter } from '#core/prompt/question'
import type { ItemLanguage } from '#core/prompt/question'
import { DATASET_FILES, recordSums } from './paths'
import { FAMILIES, drawQuestion } from './questions'
import type { Level, Question } from './questions'
import { Random } from './random'
import { partOf, questionKey } from './split'

/** Items of each language, by level; AnesBench too has most items at level 1. */
export const ITEMS: Record<Level, number> = { 1: 60, 2: 40, 3: 50 }

/** One item in ten has five options. */
const FIVE_EVERY = 10

const SEEDS: Record<ItemLanguage, number> = { en: 20265, zh: 20266 }

/** A row of AnesBench's current files; options under their letters, only those present. */
export type Row = {
  id: string
  question: string
  choice_num: number
  target: string
  category: Level
} & Partial<Record<string, string | number>>

/** The question's own name: a UUID (version 8, RFC 9562) of its SHA-256. */
function identifier(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

function asRow(question: Question): Row {
  const options = Object.fromEntries(question.options.map((text, index) => [optionLetter(index), text]))
  return {
    id: identifier(questionKey(question)),
    question: question.stem,
    ...options,
    choice_num: question.options.length,
    target: optionLetter(question.answer),
    category: question.level,
  }
}

/** What must not come twice: a fact at level 1, a stem elsewhere, or the whole where stems are few. */
function novelty(question: Question): string {
  if (question.level === 1) return question.reasoning
  return question.comparesDrugs ? questionKey(question) : question.stem
}

/** The items of one language. Families take turns, and so do the letters of the right options. */
export function drawBenchmark(language: ItemLanguage): Row[] {
  const random = new Random(SEEDS[language])
  const seen = new Set<string>()
  const rows: Row[] = []
  for (const level of [1, 2, 3] as const) {
    const families = FAMILIES.filter((family) => family.level === level)
    for (let index = 0; index < ITEMS[level]; index++) {
      const fives = Math.floor(index / FIVE_EVERY)
      const count = index % FIVE_EVERY === FIVE_EVERY - 1 ? 5 : 4
      const answer = count === 5 ? (fives + level) % 5 : (index - fives) % 4
      const family = families[index % families.length]
      if (!family) throw new Error(`level ${level} has no family`)
      let question: Question
      do question = drawQuestion(family, language, count, random)
      while (partOf(question) !== 'benchmark' || question.answer !== answer || seen.has(novelty(question)))
      seen.add(novelty(question))
      rows.push(asRow(question))
    }
  }
  return rows
}

export function main(): Promise<number> {
  mkdirSync('public/datasets', { recursive: true })
  for (const language of ['en', 'zh'] as const) {
    const rows = drawBenchmark(language)
    writeFileSync(DATASET_FILES[language], `${JSON.stringify(rows, null, 1)}\n`)
    console.log(`${DATASET_FILES[language]}: ${rows.length} items`)
  }
  recordSums()
  return Promise.resolve(0)
}
