import { describe, expect, test } from 'vitest'
import { strictExtraction } from '#core/answer/strict'
import type { NoAnswerReason } from '#core/answer/types'

const DRUGS = ['Ketamine', 'Propofol.', 'Etomidate', 'None of the above']
const ZH = ['丙泊酚', '氯胺酮', '依托咪酯', '以上都不对']

function read(reply: string, options: readonly string[] = DRUGS): string {
  const result = strictExtraction(reply, options)
  return result.kind === 'letter' ? result.letter : result.reason
}

describe('a letter is read where the reply states one', () => {
  test.each([
    ['B', 'B'],
    ['  B.\n', 'B'],
    ['(B)', 'B'],
    ['**B**', 'B'],
    ['b', 'B'],
    ['Ｂ', 'B'],
    ['B. Propofol', 'B'],
    ['B) Propofol.', 'B'],
    ['B. Because it is the only one that lowers intracranial pressure', 'B'],
    ['**Answer: B**', 'B'],
    ['Answer:\n\nB. Propofol', 'B'],
    ['**Answer:** **B**', 'B'],
    ['ANSWER: b', 'B'],
    ['Final answer - B', 'B'],
    ['Answer: B. If the pressure falls, give more.', 'B'],
    ['The answer is (B)', 'B'],
    ['The answer is {B}', 'B'],
    ['The answer is B, not A.', 'B'],
    ['The answer is A because it preserves airway reflexes.', 'A'],
    ['The answer, therefore, is B.', 'B'],
    ['So the most suitable choice would be **(C) Etomidate**.', 'C'],
    ['The correct answer is option C: Etomidate.', 'C'],
    ['The correct option for this patient is C', 'C'],
    ['Answer B', 'B'],
    ['I would choose option B.', 'B'],
    ['$\\boxed{B}$', 'B'],
    ['\\boxed{\\text{B}}', 'B'],
    ['\\(\\boxed{\\mathrm{B}}\\)', 'B'],
    ['{"answer":"B"}', 'B'],
    ["{'reasoning': 'A is slow', 'final_answer': 'B'}", 'B'],
    ['```json\n{\n  "answer": "B"\n}\n```', 'B'],
    ['B is the correct answer.', 'B'],
    ['Each option:\nA. wrong\nC. wrong\nD. wrong\nHence B.', 'B'],
    ['A lowers it, therefore B.', 'B'],
    ['The answer is not A, it is D', 'D'],
    ['A: incorrect\nB: incorrect\nC: correct', 'C'],
    ['D (correct)', 'D'],
    ['The most appropriate next step in management is C.', 'C'],
    ['Answer: B propofol', 'B'],
    ['A is wrong, and B is correct', 'B'],
    ['Option A is unsafe. Option C is correct.', 'C'],
    ['Etomidate keeps the pressure.\n\nB', 'B'],
    ['B. Propofol\n\nIt acts on the GABA-A receptor.', 'B'],
  ])('%j gives %s', (reply, letter) => expect(read(reply)).toBe(letter))

  test.each([
    ['答案：B', 'B'],
    ['答案是B', 'B'],
    ['**答案：B**', 'B'],
    ['答案Ｂ', 'B'],
    ['正确答案是：B。', 'B'],
    ['选B', 'B'],
    ['故选 B', 'B'],
    ['因此，应选择选项B。', 'B'],
    ['正确选项为B', 'B'],
    ['【答案】B', 'B'],
    ['答案是B，不是A。', 'B'],
    ['A错误，B正确。', 'B'],
    ['最合适的是B。', 'B'],
    ['答案不是B，而是D', 'D'],
    ['正确的选择是D', 'D'],
    ['选项C不符合，选项A符合', 'A'],
    ['因此B。', 'B'],
    ['A项不正确，C项正确', 'C'],
    ['答案：氯胺酮', 'B'],
    ['答案是B选项，氯胺酮', 'B'],
  ])('%j gives %s', (reply, letter) => expect(read(reply, ZH)).toBe(letter))
})

describe('the last statement counts', () => {
  test.each([
    ['Answer: A. On reflection, answer: B', 'B'],
    ['The answer is A.\nWait, the answer is C.', 'C'],
    ['Answer: A\n\nB', 'B'],
    ['Answer: B\n\nExplanation: A is correct in children only.', 'B'],
    ['A and B are wrong, so the answer is C.', 'C'],
  ])('%j gives %s', (reply, letter) => expect(read(reply)).toBe(letter))
})

describe('reasoning is set aside', () => {
  test.each([
    ['<think>The answer is A.</think>Answer: B', 'B'],
    ['The answer is A.</think>\n\nB', 'B'],
    ['<think>A</think><answer>A</answer> no: <answer>B</answer>', 'B'],
    ['<think>x</think><answer>The patient is awake. The answer is B.</answer>', 'B'],
    ['<answer>B', 'B'],
    ['<think>The answer is A.', 'unfinished-reasoning'],
    ['Answer: A <think> but', 'unfinished-reasoning'],
    ['<think>The answer is A.</think>', 'empty'],
    ['<think>A</think> It depends.', 'no-statement'],
  ])('%j gives %s', (reply, expected) => expect(read(reply)).toBe(expected))
})

describe("an option's text, word for word, counts as its letter", () => {
  test.each([
    ['Ketamine', 'A'],
    ['Answer: propofol', 'B'],
    ['The answer is **Etomidate**.', 'C'],
    ['Answer: "None of the above"', 'D'],
    ['Answer: Etomidate. It keeps the blood pressure.', 'C'],
    ['Answer: Ketamine 2 mg/kg', 'no-statement'],
    ['Answer: Ketamin', 'no-statement'],
    ['I would give ketamine.', 'no-statement'],
  ])('%j gives %s', (reply, expected) => expect(read(reply)).toBe(expected))

  test('not when two options share it', () => {
    expect(read('Answer: Yes', ['Yes', 'No', 'yes.'])).toBe('no-statement')
  })
  test('not when a letter is the text of another option', () => {
    expect(read('Answer: C', ['C', 'B', 'A'])).toBe('conflicting')
    expect(read('Answer: B', ['C', 'B', 'A'])).toBe('B')
    expect(read('Answer: A. C', ['C', 'B', 'A'])).toBe('A')
    expect(read('Answer: A. B', ['C', 'B', 'A'])).toBe('conflicting')
  })
  test('signs are part of a value', () => {
    const values = ['> 65 mmHg', '65 mmHg', '-5 mmHg', '5 mmHg']
    expect(read('Answer: > 65 mmHg', values)).toBe('A')
    expect(read('Answer: 65 mmHg', values)).toBe('B')
    expect(read('Answer: < 65 mmHg', values)).toBe('no-statement')
    expect(read('Answer: -5 mmHg.', values)).toBe('C')
    expect(read('Answer: C. -5 mmHg', values)).toBe('C')
    expect(read('Answer: D - 5 mmHg', values)).toBe('D')
  })
  test('a longer text wins over the letter it starts with', () => {
    expect(read('Answer: C. difficile', ['E. coli', 'C. difficile', 'S. aureus'])).toBe('B')
  })
})

describe('nothing is guessed', () => {
  const cases: [reply: string, reason: NoAnswerReason][] = [
    ['', 'empty'],
    [' \n\t', 'empty'],
    ['Answer: A or B', 'conflicting'],
    ['Answer: A, C', 'conflicting'],
    ['Answer: A/B', 'conflicting'],
    ['Answer: (A) and (C)', 'conflicting'],
    ['Answer: ACD', 'conflicting'],
    ['The answer is either A or B', 'conflicting'],
    ['A and C', 'conflicting'],
    ['答案是A和B', 'conflicting'],
    ['选A、C', 'conflicting'],
    ['Answer: A. Propofol', 'conflicting'],
    ['A is correct. C is correct.', 'conflicting'],
    ['Answer: F', 'letter-outside-options'],
    ['答案：E', 'letter-outside-options'],
    ['I cannot answer this question.', 'refusal'],
    ['我无法确定。', 'refusal'],
    ['It depends on the patient.', 'no-statement'],
    ['The answer is not A', 'no-statement'],
    ["The answer isn't A", 'no-statement'],
    ['A is not the answer', 'no-statement'],
    ['A is incorrect', 'no-statement'],
    ['If the answer is A, then why?', 'no-statement'],
    ['Is the answer A?', 'no-statement'],
    ['Wrong answer: A', 'no-statement'],
    ['I would not choose B', 'no-statement'],
    ['Neither A nor B is correct', 'no-statement'],
    ['答案不是A', 'no-statement'],
    ['不选B', 'no-statement'],
    ['选A是错误的', 'no-statement'],
    ['如果答案是A', 'no-statement'],
    ['B不正确', 'no-statement'],
    ['Answer: A patient with sepsis needs fluid', 'no-statement'],
    ['The answer is a drug', 'no-statement'],
    ['Answer: B12 deficiency', 'no-statement'],
    ['Answer: B-blockers', 'no-statement'],
    ['The most likely cause is C-reactive protein', 'no-statement'],
    ['The most likely organism is E coli', 'no-statement'],
    ['Answer: B lymphocytes', 'no-statement'],
    ['不正确的是B', 'no-statement'],
    ['Answer: Because', 'no-statement'],
    ['Answer: N/A', 'no-statement'],
    ['A. Ketamine\nB. Propofol\nC. Etomidate\nD. None of the above', 'no-statement'],
    ['Choose the correct option:\nA. Ketamine\nB. Propofol', 'no-statement'],
    ['Choose the correct option: A. Ketamine B. Propofol', 'no-statement'],
    ['Each option:\nA. wrong\nC. wrong\nD. wrong', 'no-statement'],
    ['Option analysis:\nA. Fast.\nC. Slow.', 'no-statement'],
    ['I am between A and D.', 'no-statement'],
    ['答案非C', 'no-statement'],
    ['So B lowers it', 'no-statement'],
    ['A patient with ASA class III', 'no-statement'],
    ['__proto__', 'no-statement'],
  ]
  test.each(cases)('%j: %s', (reply, reason) => expect(read(reply)).toBe(reason))

  test('a reply that was cut off before its answer says so', () => {
    expect(strictExtraction('Let us look at A.', DRUGS, 'length')).toEqual({
      kind: 'none',
      reason: 'truncated',
    })
    expect(strictExtraction('Answer: B. Becau', DRUGS, 'length')).toMatchObject({ letter: 'B' })
  })
  test('without options there is no letter', () => {
    expect(read('A', [])).toBe('no-options')
  })
})

test('all 26 letters can be stated, and 27 options are a bug', () => {
  const options = Array.from({ length: 26 }, (_, i) => `Option text ${i}`)
  for (let i = 0; i < 26; i++) {
    const letter = String.fromCharCode(65 + i)
    expect(read(`Answer: ${letter}`, options)).toBe(letter)
    expect(read(letter, options)).toBe(letter)
  }
  expect(() => strictExtraction('A', [...options, 'x'])).toThrow(RangeError)
})
