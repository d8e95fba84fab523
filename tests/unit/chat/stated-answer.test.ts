import { describe, expect, test } from 'vitest'
import { answerKey, statedAnswer } from '#core/chat/stated-answer'

describe('what a reply states as its answer', () => {
  test.each([
    ['an <answer>', '<think>a or b</think><answer>the liver</answer>', 'the liver'],
    ['the last <answer>', '<answer>kidney</answer> or rather <answer>liver</answer>', 'liver'],
    ['an <answer> with a statement in it', '<answer>So the answer is 1.5 mg. Done.</answer>', '1.5 mg'],
    ['an <answer> of several short lines', '<answer>B\nthe liver</answer>', 'B'],
    ['a statement', 'First we look.\nThe answer is the liver. It is large.', 'the liver'],
    ['the last statement', 'The answer is A? No.\n\nFinal answer: B', 'B'],
    ['a bold statement', 'Well.\n**Answer: liver**', 'liver'],
    ['a MedS3 chain', 'Step 0: Let us see.\n\nStep 1: The answer is {liver}.', '{liver}'],
    ['a boxed answer', 'Thus $\\boxed{12}$\nand so on', '12'],
    ['a Chinese statement', '先看病史。\n答案是肝脏。请注意。', '肝脏'],
    ['a letter in the last line', 'Some reasons\nB', 'B'],
    ['a letter in the first line', '(B)\nSome reasons', 'B'],
    ['a reply of one line', 'Zorane is cleared by the liver.', 'Zorane is cleared by the liver'],
  ])('%s', (_, reply, answer) => {
    expect(statedAnswer(reply)).toBe(answer)
  })

  test.each([
    ['nothing', ''],
    ['a thought that never ended', '<think>The liver clears it'],
    ['several lines without a statement', 'It depends.\nOn many things.'],
    ['a line that is an explanation', 'word '.repeat(40)],
    ['marks alone', '…'],
  ])('%s states none', (_, reply) => {
    expect(statedAnswer(reply)).toBeNull()
  })
})

describe('two answers', () => {
  test.each([
    ['The liver', 'liver.'],
    ['“Liver”', 'LIVER'],
    ['B', '(B)'],
    ['B', 'b'],
    ['B', 'B. the liver'],
    ['肝脏', '「肝脏」'],
    ['{liver}', 'liver'],
    ['2  mg', '2 mg'],
  ])('%s and %s are the same', (one, other) => {
    expect(answerKey(one)).toBe(answerKey(other))
  })

  test.each([
    ['1.5 mg', '15 mg'],
    ['-5', '5'],
    ['< 5', '> 5'],
    ['A', 'B'],
    ['liver', 'the liver and the kidney'],
    ['B12', 'B'],
    ['A line', 'A'],
  ])('%s and %s are not', (one, other) => {
    expect(answerKey(one)).not.toBe(answerKey(other))
  })
})
