import { describe, expect, it } from 'vitest'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import {
  MOST_NAME_LENGTH,
  MOST_TEXT_LENGTH,
  promptProblems,
  type TemplatePlace,
} from '#core/prompt/check-prompts'
import { promptFileName, promptFileText, readPromptFile } from '#core/prompt/prompt-file'
import { nextVersion, sameWords, type PromptSet } from '#core/prompt/prompt-set'

/** The built-in set with another text at one place. */
function withText({ kind, field, language }: TemplatePlace, text: string): PromptSet {
  const { templates } = ANESBENCH_PROMPTS
  const template = { ...templates[kind], [field]: { ...templates[kind][field], [language]: text } }
  return { ...ANESBENCH_PROMPTS, templates: { ...templates, [kind]: template } }
}

const USER = { kind: 'chain-of-thought', language: 'en', field: 'user' } as const
const SYSTEM = { kind: 'letter-only', language: 'zh', field: 'system' } as const
const EXAMPLE = { kind: 'chain-of-thought', language: 'zh', field: 'example' } as const
const LETTER_EXAMPLE = { kind: 'letter-only', language: 'en', field: 'example' } as const

describe('promptProblems', () => {
  it('finds nothing in the built-in set', () => {
    expect(promptProblems(ANESBENCH_PROMPTS)).toEqual([])
  })

  it.each<[TemplatePlace, string, string[]]>([
    [USER, '{question} {options}', []],
    [USER, '{options}', ['missing-placeholder {question}']],
    [USER, '', ['missing-placeholder {question}', 'missing-placeholder {options}']],
    [USER, '{question} {options} {Options} {Options}', ['unknown-placeholder {Options}']],
    [USER, '{question} {options} {"answer": 1} {}', []],
    [USER, '{question} {options} {letter}', ['unknown-placeholder {letter}']],
    [SYSTEM, '', []],
    [SYSTEM, 'About {question}', ['unknown-placeholder {question}']],
    [EXAMPLE, 'It is {text}', []],
    [EXAMPLE, 'It is so', ['missing-placeholder {letter}']],
    [LETTER_EXAMPLE, '{text}', ['missing-placeholder {letter}']],
    [SYSTEM, 'x'.repeat(MOST_TEXT_LENGTH), []],
    [SYSTEM, 'x'.repeat(MOST_TEXT_LENGTH + 1), ['too-long ']],
  ])('%o with "%s"', (place, text, expected) => {
    const problems = promptProblems(withText(place, text.slice()))
    expect(
      problems.map((problem) => `${problem.kind} ${'placeholder' in problem ? problem.placeholder : ''}`),
    ).toEqual(expected)
    expect(problems.every((problem) => 'place' in problem && problem.place.field === place.field)).toBe(true)
  })

  it('asks for a name of bearable length', () => {
    const named = (name: string) => promptProblems({ ...ANESBENCH_PROMPTS, name }).map(({ kind }) => kind)
    expect(named('  ')).toEqual(['name-missing'])
    expect(named('x'.repeat(MOST_NAME_LENGTH))).toEqual([])
    expect(named('x'.repeat(MOST_NAME_LENGTH + 1))).toEqual(['name-too-long'])
  })
})

describe('prompt files', () => {
  it('come back as they were', () => {
    const set = withText(USER, 'Zeile\n"{question}"\u2028{options} 题')
    expect(readPromptFile(promptFileText(set))).toEqual({ ok: true, value: set })
  })

  it.each([
    ['', 'not-json'],
    ['[]', 'not-prompts'],
    ['{"format":"somnus-run","version":1}', 'not-prompts'],
    ['{"format":"somnus-prompts","version":2}', 'other-version'],
    ['{"format":"somnus-prompts","version":1,"prompts":{}}', 'invalid'],
    [promptFileText(withText(USER, 'nothing')), 'invalid'],
    [promptFileText({ ...ANESBENCH_PROMPTS, name: '' }), 'invalid'],
  ])('are refused: %s', (content, kind) => {
    expect(readPromptFile(content)).toEqual({ ok: false, failure: { kind } })
  })

  it.each([
    ['My words, 2nd', '3', 'somnus-prompts-My-words-2nd-v3.json'],
    ['../提示词', '1', 'somnus-prompts-提示词-v1.json'],
  ])('of "%s" are named %s', (name, version, expected) => {
    expect(promptFileName({ ...ANESBENCH_PROMPTS, name, version })).toBe(expected)
  })
})

describe('versions', () => {
  it.each([
    ['1', '2'],
    ['9', '10'],
    ['somnus-anesbench-1', 'somnus-anesbench-2'],
    ['draft', 'draft-2'],
  ])('%s is followed by %s', (version, next) => {
    expect(nextVersion(version)).toBe(next)
  })

  it('are of one text when every word is the same, whatever the name', () => {
    expect(
      sameWords(ANESBENCH_PROMPTS, { ...ANESBENCH_PROMPTS, templates: { ...ANESBENCH_PROMPTS.templates } }),
    ).toBe(true)
    expect(sameWords(ANESBENCH_PROMPTS, withText(LETTER_EXAMPLE, '{letter}.'))).toBe(false)
  })
})
