import { describe, expect, test } from 'vitest'
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from '#core/dataset/limits'
import { readRow } from '#core/dataset/read-row'
import { currentRow } from './rows'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const options = (count: number) =>
  Object.fromEntries([...LETTERS.slice(0, count)].map((letter) => [letter, `option ${letter}`]))

/** "field: code" of each problem. */
const problemsOf = (value: unknown) =>
  readRow(value, 7, null).problems.map(({ field, code }) => `${field}: ${code}`)
const itemsOf = (value: unknown) => readRow(value, 7, null).items

describe('the current shape', () => {
  test('becomes one item', () => {
    expect(readRow(currentRow(), 7, null)).toEqual({
      items: [
        {
          id: 'q1',
          language: 'en',
          level: 1,
          stem: 'Which agent is fictional?',
          options: ['Somnolene', 'Ether', 'Halothane'],
          targetIndex: 0,
        },
      ],
      problems: [],
    })
  })

  test('the order of keys and unknown keys do not matter', () => {
    const reversed = Object.fromEntries(Object.entries(currentRow({ note: 'x' })).reverse())
    expect(itemsOf(reversed)).toEqual(itemsOf(currentRow()))
  })

  test.each([undefined, null, '', '  ', Number.NaN])(
    'without a category (%j) it is unlabelled',
    (category) => {
      expect(itemsOf(currentRow({ category }))[0]?.level).toBeNull()
    },
  )

  test.each([
    ['2', 2],
    ['3.0', 3],
    [2n, 2],
    [1, 1],
  ])('category %s is level %s', (category, level) => {
    expect(itemsOf(currentRow({ category }))[0]?.level).toBe(level)
  })

  test('26 options are read', () => {
    const [item] = itemsOf(currentRow({ ...options(26), choice_num: 26, target: 'Z' }))
    expect(item?.options).toHaveLength(26)
    expect(item?.targetIndex).toBe(25)
  })

  test('null options after the last one, and no choice_num, are as good as absent', () => {
    expect(itemsOf(currentRow({ C: null, D: '', choice_num: undefined }))[0]?.options).toEqual([
      'Somnolene',
      'Ether',
    ])
  })

  test('an id is a text or a whole number; without one the row names the item', () => {
    expect(itemsOf(currentRow({ id: 12 }))[0]?.id).toBe('12')
    expect(itemsOf(currentRow({ id: undefined }))[0]?.id).toBe('row-7')
  })

  test('HTML and script in a stem stay text, letter by letter', () => {
    const question = '<script>alert(1)</script> <b>MAC</b> &lt; 1?'
    expect(itemsOf(currentRow({ question }))[0]?.stem).toBe(question)
  })

  test('the target may be lower case with blanks around', () => {
    expect(itemsOf(currentRow({ target: ' b ' }))[0]?.targetIndex).toBe(1)
  })
})

describe('problems of a row', () => {
  test.each([
    ['an empty stem', { question: '  ' }, ['question: empty']],
    ['a null stem', { question: null }, ['question: empty']],
    ['a number as stem', { question: 5 }, ['question: not-text']],
    ['an object as stem', { question: { en: 'x' } }, ['question: not-text']],
    ['a stem above the limit', { question: 'x'.repeat(MAX_TEXT_LENGTH + 1) }, ['question: too-long']],
    ['a number as option', { B: 5 }, ['B: not-text']],
    ['a gap in the letters', { B: undefined }, ['B: option-gap']],
    ['a stray letter far behind', { Q: 'x', choice_num: undefined }, ['D: option-gap']],
    ['a null option in the middle', { B: null, choice_num: 3 }, ['B: option-gap']],
    ['fewer options than choice_num', { choice_num: 4 }, ['choice_num: choice-count']],
    ['more options than choice_num', { D: 'Chloroform' }, ['choice_num: choice-count']],
    ['a null option that choice_num counts', { C: null }, ['choice_num: choice-count']],
    ['a choice_num that is no number', { choice_num: 'three' }, ['choice_num: choice-count']],
    ['one option', { B: undefined, C: undefined, choice_num: 1 }, ['B: too-few-options']],
    ['no option', { A: undefined, B: undefined, C: undefined }, ['A: too-few-options']],
    ['27 options by choice_num', { ...options(26), choice_num: 27 }, ['choice_num: too-many-options']],
    [
      '27 options by letter',
      { ...options(26), AA: 'x', choice_num: undefined },
      ['choice_num: too-many-options'],
    ],
    ['a target outside the options', { target: 'D' }, ['target: target-outside']],
    ['a target of two letters', { target: 'AB' }, ['target: not-a-letter']],
    ['a number as target', { target: 1 }, ['target: not-a-letter']],
    ['no target', { target: undefined }, ['target: not-a-letter']],
    ['category 4', { category: 4 }, ['category: bad-level']],
    ['category 1.5', { category: 1.5 }, ['category: bad-level']],
    ['an unknown language', { language: 'fr' }, ['language: bad-language']],
    ['an object as id', { id: {} }, ['id: bad-id']],
    ['an id above the limit', { id: 'x'.repeat(MAX_ID_LENGTH + 1) }, ['id: bad-id']],
    ['two problems at once', { question: '', target: 'Q' }, ['question: empty', 'target: target-outside']],
  ])('%s', (_, changes, expected) => {
    expect(problemsOf(currentRow(changes))).toEqual(expected)
    expect(itemsOf(currentRow(changes))).toEqual([])
  })

  test.each([null, 5, 'text', [currentRow()], true])('%j is not a row', (value) => {
    expect(problemsOf(value)).toEqual([': not-an-object'])
  })

  test('a row without a question names the fields that it has', () => {
    const { problems } = readRow({ prompt: 'x', label: 1 }, 1, null)
    expect(problems).toEqual([
      { field: 'question', code: 'no-question', expected: 'question', found: 'prompt, label' },
    ])
  })

  test('what was found is shortened, whatever it is', () => {
    let deep: unknown = 'x'
    for (let depth = 0; depth < 100_000; depth++) deep = [deep]
    expect(readRow(currentRow({ question: deep }), 1, null).problems[0]?.found).toBe('[…]')
    const target = 'y'.repeat(100_000)
    expect(readRow(currentRow({ target }), 1, null).problems[0]?.found.length).toBeLessThan(70)
  })

  test('fields inherited from a prototype are not the row’s', () => {
    const fields = JSON.parse(
      '{"__proto__":{"question":"q","A":"1","B":"2","target":"A"},"constructor":{}}',
    ) as unknown
    expect(problemsOf(fields)).toEqual(['question: no-question'])
    expect(itemsOf(Object.create(currentRow()))).toEqual([])
  })
})

describe('the older bilingual shape', () => {
  const bilingual = {
    id: 'old-1',
    choice_num: 2,
    answer: 'B',
    level: 3,
    en_question: 'Which one?',
    en_A: 'this',
    en_B: 'that',
    zh_question: '哪一个？',
    zh_A: '这个',
    zh_B: '那个',
  }

  test('becomes an English and a Chinese item', () => {
    const common = { id: 'old-1', level: 3, targetIndex: 1 }
    expect(itemsOf(bilingual)).toEqual([
      { ...common, language: 'en', stem: 'Which one?', options: ['this', 'that'] },
      { ...common, language: 'zh', stem: '哪一个？', options: ['这个', '那个'] },
    ])
  })

  test('cn_ is another name of zh_, and does not count twice', () => {
    const renamed = Object.fromEntries(
      Object.entries(bilingual).map(([key, value]) => [key.replace('zh_', 'cn_'), value]),
    )
    expect(itemsOf(renamed)).toEqual(itemsOf(bilingual))
    expect(itemsOf({ ...bilingual, ...renamed })).toEqual(itemsOf(bilingual))
  })

  test('a version that is empty is left out without a word', () => {
    expect(readRow({ ...bilingual, zh_question: '', zh_A: '', zh_B: '' }, 1, null)).toMatchObject({
      items: [{ language: 'en' }],
      problems: [],
    })
  })

  test('a fault in one language leaves the other', () => {
    const { items, problems } = readRow({ ...bilingual, en_A: null }, 1, null)
    expect(items.map((item) => item.language)).toEqual(['zh'])
    expect(problems[0]).toMatchObject({ field: 'en_A', code: 'option-gap' })
  })

  test('a fault that both share is named once', () => {
    expect(problemsOf({ ...bilingual, level: 9 })).toEqual(['level: bad-level'])
    expect(itemsOf({ ...bilingual, level: 9 })).toEqual([])
  })
})

describe('the language of a row', () => {
  const chinese = { question: '下列哪种药物是虚构的？', A: '甲', B: '乙', C: '丙' }
  test.each([
    ['its own field before the file’s name', { language: 'zh-CN' }, 'en', 'zh'],
    ['the file’s name before its script', chinese, 'en', 'en'],
    ['its script when nothing else tells', chinese, null, 'zh'],
    ['English by script', {}, null, 'en'],
  ] as const)('is told by %s', (_, changes, fileLanguage, expected) => {
    expect(readRow(currentRow(changes), 1, fileLanguage).items[0]?.language).toBe(expected)
  })
})
