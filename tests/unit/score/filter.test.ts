import { describe, expect, it } from 'vitest'
import { AnswerIndex, filterAnswers, NO_FILTER, type AnswerFilter } from '#core/score/filter'
import { answer, randomAnswers } from './answers'

const noFlags: (position: number) => boolean = () => false

function positions(
  answers: Parameters<typeof filterAnswers>[0],
  filter: Partial<AnswerFilter>,
  flags = noFlags,
) {
  return filterAnswers(answers, flags, { ...NO_FILTER, ...filter }).matches.map((match) => match.position)
}

describe('filterAnswers', () => {
  const answers = [
    answer({ position: 0, language: 'en', level: 1, official: 'A', strict: 'A' }),
    answer({ position: 1, language: 'zh', level: 2, official: 'B', strict: 'A', stem: '丙泊酚的起效时间' }),
    answer({ position: 2, language: 'en', level: null, official: 'A', strict: null, reply: 'PROPOFOL fits' }),
    answer({ position: 3, language: 'en', level: 1, official: null, strict: null }),
  ]

  it.each<[string, Partial<AnswerFilter>, number[]]>([
    ['nothing', {}, [0, 1, 2, 3]],
    ['language', { language: 'en' }, [0, 2, 3]],
    ['level', { level: 1 }, [0, 3]],
    ['unlabelled', { level: 'unlabelled' }, [2]],
    ['right by the official scoring', { verdict: 'right' }, [0, 2]],
    ['right by the strict scoring', { verdict: 'right', scoring: 'strict' }, [0, 1]],
    ['wrong', { verdict: 'wrong' }, [1]],
    ['unparsed', { verdict: 'unparsed', scoring: 'strict' }, [2, 3]],
    ['disagreement', { disagreeing: true }, [1, 2]],
    ['text of the reply in any case', { text: ' propofol ' }, [2]],
    ['text of the stem', { text: '丙泊酚' }, [1]],
    ['text of an option', { text: 'option 3' }, [0, 1, 2, 3]],
    ['item id', { text: 'item-3' }, [3]],
    ['text as text, not as a pattern', { text: '.*' }, []],
    ['all conditions at once', { language: 'en', verdict: 'right', disagreeing: true }, [2]],
  ])('filters by %s', (_, filter, expected) => {
    expect(positions(answers, filter)).toEqual(expected)
  })

  it('filters by flag', () => {
    expect(positions(answers, { flagged: true }, (position) => position === 3)).toEqual([3])
  })

  it('counts, for every choice, exactly the answers that choosing it would show', () => {
    const many = randomAnswers(300, 5)
    const isFlagged = (position: number) => position % 7 === 0
    const filters: Partial<AnswerFilter>[] = [
      {},
      { language: 'en', verdict: 'wrong' },
      { level: 2, disagreeing: true, scoring: 'strict' },
      { flagged: true, verdict: 'right', language: 'zh', level: 'unlabelled' },
      { text: 'stem 1', verdict: 'unparsed', scoring: 'strict' },
    ]
    for (const filter of filters) {
      const shown = (change: Partial<AnswerFilter>) =>
        filterAnswers(many, isFlagged, { ...NO_FILTER, ...filter, ...change }).matches.length
      const { counts } = filterAnswers(many, isFlagged, { ...NO_FILTER, ...filter })
      expect(counts).toEqual({
        language: { en: shown({ language: 'en' }), zh: shown({ language: 'zh' }) },
        level: {
          1: shown({ level: 1 }),
          2: shown({ level: 2 }),
          3: shown({ level: 3 }),
          unlabelled: shown({ level: 'unlabelled' }),
        },
        verdict: {
          right: shown({ verdict: 'right' }),
          wrong: shown({ verdict: 'wrong' }),
          unparsed: shown({ verdict: 'unparsed' }),
        },
        disagreeing: shown({ disagreeing: true }),
        flagged: shown({ flagged: true }),
      })
    }
  })

  it('says the same of answers that come in parts, at any pace', () => {
    const many = randomAnswers(5000, 3)
    const index = new AnswerIndex()
    for (let from = 0; from < many.length; from += 700) index.add(many.slice(from, from + 700))
    const filter: AnswerFilter = { ...NO_FILTER, text: 'stem 9', verdict: 'wrong' }
    const steps = index.steps(filter, noFlags)
    let pauses = 0
    let step = steps.next()
    for (; !step.done; step = steps.next()) pauses += 1
    expect(pauses).toBeGreaterThan(1)
    expect(step.value).toEqual(filterAnswers(many, noFlags, filter))
    expect(step.value.matches.length).toBeGreaterThan(0)
  })
})
