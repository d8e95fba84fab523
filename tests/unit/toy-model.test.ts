import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { anesBenchMessages } from '#core/prompt/anesbench'
import { optionLetter, type ItemLanguage } from '#core/prompt/question'
import { CHAT_TEMPLATE, GROUPS, drawGroup, renderChat } from '../../scripts/toy-model/corpus'
import { ITEMS, type Row, drawBenchmark } from '../../scripts/toy-model/dataset'
import { FORMULARY } from '../../scripts/toy-model/formulary'
import { DATASET_FILES, MODEL_FILE, SUMS_FILE } from '../../scripts/toy-model/paths'
import { partOf, questionKey } from '../../scripts/toy-model/split'
import { readGguf } from '../../scripts/toy-model/gguf-reader'
import { makeTokenizer } from '../../scripts/toy-model/vocabulary'

const LANGUAGES: readonly ItemLanguage[] = ['en', 'zh']

const rowsOf = (language: ItemLanguage) => JSON.parse(readFileSync(DATASET_FILES[language], 'utf8')) as Row[]
const optionsOf = (row: Row) => Array.from({ length: row.choice_num }, (_, i) => String(row[optionLetter(i)]))

describe('the model file', () => {
  const model = readGguf(readFileSync(MODEL_FILE))

  it('is at most one megabyte', () => {
    expect(statSync(MODEL_FILE).size).toBeLessThanOrEqual(1_000_000)
  })

  it('and the datasets are the files on record', () => {
    const records = readFileSync(SUMS_FILE, 'utf8').trim().split('\n')
    expect(records).toHaveLength(3)
    for (const record of records) {
      const [sum, file] = record.split('  ') as [string, string]
      expect(createHash('sha256').update(readFileSync(file)).digest('hex'), file).toBe(sum)
    }
  })

  it('is a qwen2 model in Q8_0 with the chat template it was trained with', () => {
    expect(model.metadata).toMatchObject({
      'general.architecture': 'qwen2',
      'general.file_type': 7,
      'tokenizer.ggml.pre': 'qwen2',
      'tokenizer.chat_template': CHAT_TEMPLATE,
    })
    expect(model.metadata['qwen2.context_length']).toBeGreaterThanOrEqual(2048)
    expect(model.tensors.length).toBe(2 + 12 * Number(model.metadata['qwen2.block_count']))
  })

  it('holds the tokenizer that the generator makes', () => {
    const { tokens, merges } = makeTokenizer()
    expect(model.metadata['tokenizer.ggml.tokens']).toEqual(tokens)
    expect(model.metadata['tokenizer.ggml.merges']).toEqual(merges)
  })

  it('ends where its last tensor ends', () => {
    expect(model.dataEnd).toBe(statSync(MODEL_FILE).size)
  })
})

describe('the benchmark', () => {
  it.each(LANGUAGES)('in %s is what the generator draws', (language) => {
    expect(rowsOf(language)).toEqual(drawBenchmark(language))
  })

  it.each(LANGUAGES)('in %s has the promised number of items at each level', (language) => {
    const counts = { 1: 0, 2: 0, 3: 0 }
    for (const row of rowsOf(language)) counts[row.category]++
    expect(counts).toEqual(ITEMS)
  })

  it.each(LANGUAGES)('in %s has well-formed rows', (language) => {
    for (const row of rowsOf(language)) {
      const options = optionsOf(row)
      expect(row.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      expect(row.question).toContain('Somnus')
      expect(new Set(options).size, row.id).toBe(row.choice_num)
      expect(options.every((text) => text !== '' && text !== 'undefined')).toBe(true)
      expect('ABCDE'.slice(0, row.choice_num)).toContain(row.target)
      expect(Object.keys(row)).toHaveLength(5 + row.choice_num)
    }
  })

  it('has no question twice', () => {
    const rows = LANGUAGES.flatMap(rowsOf)
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
  })

  it.each(LANGUAGES)('in %s has its right letters spread evenly at each level', (language) => {
    for (const level of [1, 2, 3] as const) {
      const rows = rowsOf(language).filter((row) => row.category === level && row.choice_num === 4)
      for (const letter of 'ABCD') {
        const share = rows.filter((row) => row.target === letter).length / rows.length
        expect(share, `${letter} at level ${level}`).toBeGreaterThan(0.2)
        expect(share, `${letter} at level ${level}`).toBeLessThan(0.3)
      }
    }
  })
})

describe('training', () => {
  const benchmark = LANGUAGES.flatMap((language) =>
    rowsOf(language).map((row) => ({ language, stem: row.question, options: optionsOf(row) })),
  )

  // Draws the whole training set, some 530,000 examples: seconds, on a busy machine many.
  it('shows no question of the benchmark, in any order of its options, and no prompt of it', () => {
    const keys = new Set(benchmark.map(questionKey))
    const prompts = new Set(
      benchmark.flatMap((question) =>
        (['chain-of-thought', 'letter-only'] as const).map((kind) =>
          renderChat(anesBenchMessages(question, kind)),
        ),
      ),
    )
    let questions = 0
    let conversations = 0
    for (const group of GROUPS) {
      for (const { question, messages } of drawGroup(group)) {
        if (question) {
          questions++
          if (keys.has(questionKey(question))) expect.fail(`trained on "${question.stem}"`)
        } else {
          conversations++
          if (prompts.has(renderChat(messages.slice(0, -1)))) expect.fail(renderChat(messages))
        }
      }
    }
    expect(questions).toBeGreaterThan(100_000)
    expect(conversations).toBeGreaterThan(100_000)
    expect(benchmark.map(partOf)).toEqual(benchmark.map(() => 'benchmark'))
  }, 120_000)

  it('uses every value of a property equally often, so that guessing stays chance', () => {
    const counts = (values: readonly unknown[]) =>
      values.map((value) => values.filter((v) => v === value).length)
    for (const key of ['drugClass', 'route', 'organ', 'onset', 'dose'] as const)
      expect(new Set(counts(FORMULARY.map((drug) => drug[key]))).size, key).toBe(1)
  })
})
