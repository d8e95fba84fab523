import { describe, expect, test } from 'vitest'
import {
  changedPrompts,
  EXPERT_PROMPTS,
  fillPrompt,
  missingPlaceholders,
  PROMPT_NAMES,
} from '#core/experts/prompts'
import { readReflection } from '#core/experts/reflection'
import { readSections } from '#core/experts/sections'

describe('a review', () => {
  test.each([
    ['<Feedback>look again</Feedback>\n<Rating>0</Rating>', 'look again', 0],
    ['<feedback> a </feedback> then <FEEDBACK>b</FEEDBACK><rating> 1 </rating>', 'a\n\nb', 1],
    ['<Feedback>never closed <Rating>1', 'never closed', 1],
    ['<Feedback>never closed', 'never closed', null],
    ['no tags at all', 'no tags at all', null],
    ['some words <Rating>0</Rating><Rating>1</Rating>', 'some words', 1],
    ['<Rating>7</Rating>', '', null],
    ['<Rating>10</Rating>', '', null],
    ['<Rating></Rating>', '', null],
    ['', '', null],
    ['</Feedback></Rating>', '', null],
  ])('%j', (reply, feedback, rating) => {
    expect(readReflection(reply)).toEqual({ feedback, rating })
  })
})

describe('the sections of a reasoning', () => {
  test.each([
    ['## Findings\na\nb\n## Conclusion\nc', ['findings: a\nb', 'conclusion: c']],
    [
      '**Findings:** a\n**Evidence for:** b\n**Evidence against**: c',
      ['findings: a', 'evidence-for: b', 'evidence-against: c'],
    ],
    ['1. Hypotheses: x\n2) Doubts\ny', ['hypotheses: x', 'doubts: y']],
    [
      '【发现】\n甲\n支持证据：乙\n**反对证据**\n丙\n### 疑点\n丁\n结论：戊',
      ['findings: 甲', 'evidence-for: 乙', 'evidence-against: 丙', 'doubts: 丁', 'conclusion: 戊'],
    ],
    ['before\n## Conclusion\nafter', ['null: before', 'conclusion: after']],
    ['For a patient like this, findings: none', ['null: For a patient like this, findings: none']],
    ['Findings were scarce.', ['null: Findings were scarce.']],
    ['## Findings', ['findings: ']],
    ['', []],
    [`Conclusion: ${'x'.repeat(100)}`, [`conclusion: ${'x'.repeat(100)}`]],
    [`Conclusion${' '.repeat(100)}x`, [`null: Conclusion${' '.repeat(100)}x`]],
  ])('%j', (text, expected) => {
    expect(readSections(text).map((section) => `${section.kind}: ${section.text}`)).toEqual(expected)
  })
})

test('malformed replies never make reading fail, and take no time', () => {
  const pieces = [
    '<Feedback>',
    '</Rating>',
    '<rating>',
    '##',
    '**',
    'Findings',
    '：',
    '\n',
    '1',
    ' '.repeat(500),
    '<think>',
    '【',
  ]
  let seed = 1
  const next = () => (seed = (seed * 48271) % 2147483647)
  for (let round = 0; round < 500; round += 1) {
    const reply = Array.from({ length: next() % 40 }, () => pieces[next() % pieces.length]).join('')
    const { rating } = readReflection(reply)
    expect([0, 1, null]).toContain(rating)
    readSections(reply)
  }
  readReflection('<feedback>'.repeat(20_000))
  readReflection('<rating>'.repeat(20_000))
  readSections(`${'#'.repeat(50_000)}\n${'**'.repeat(50_000)}`)
})

describe('prompts', () => {
  test.each(['en', 'zh'] as const)(
    'ours (%s) have what they need and ask in the form that is read',
    (language) => {
      const prompts = EXPERT_PROMPTS[language]
      for (const name of PROMPT_NAMES) expect(missingPlaceholders(name, prompts[name])).toEqual([])
      expect(readReflection(prompts.reflection).rating).not.toBeNull()
      expect(readSections(prompts.reasoning).map(({ kind }) => kind)).toEqual([
        null,
        'findings',
        'hypotheses',
        'evidence-for',
        'evidence-against',
        'doubts',
        'conclusion',
      ])
      expect(changedPrompts(prompts, language)).toEqual([])
      expect(changedPrompts({ ...prompts, narrative: 'short' }, language)).toEqual(['narrative'])
    },
  )

  test('a prompt says what it lacks', () => {
    expect(missingPlaceholders('revision', 'Again: {question}')).toEqual(['reasoning', 'feedback'])
  })

  test('what is not a placeholder stays', () => {
    expect(fillPrompt('{question} {x} {}', { question: '$&', reasoning: '', feedback: '' })).toBe('$& {x} {}')
  })
})
