import { type Field, readField } from '#core/answer/strict/field'
import { OptionTexts, plainText } from '#core/answer/strict/plain-text'
import { withoutReasoning } from '#core/answer/strict/reasoning'
import { lastStatement, verdicts } from '#core/answer/strict/statements'
import { assertOptionCount, type Extraction, type NoAnswerReason } from '#core/answer/types'
import { optionLetter } from '#core/prompt/question'
import type { FinishReason } from '#core/engine'

/**
 * The letter that a reply states, or the reason why it states none. Nothing is guessed.
 *
 * Read is what follows the reasoning (`<think>`), or the last `<answer>` of it. In order of precedence:
 * 1. the whole reply is a letter, a letter with its option's text, or one option's text;
 * 2. the last statement that names the answer ("Answer: B", "答案是B", `\boxed{B}`, `"answer": "B"`), or a
 *    last line that is a letter, whichever is later; option text word for word counts as its letter;
 * 3. a first line that is a letter, or a letter with its option's text;
 * 4. the one option called correct ("C is correct"), or a letter as the label of a reply of one line.
 * Statements that are denied, conditional or asked do not count. One that names several options, or a
 * letter together with another option's text, is a conflict. A reply that was cut off still counts when it
 * states a letter.
 *
 * @param options the option texts, A first, at most 26
 * @param finish why generation ended; explains a missing answer
 */
export function strictExtraction(
  reply: string,
  options: readonly string[],
  finish: FinishReason = 'stop',
): Extraction {
  assertOptionCount(options)
  if (options.length === 0) return none('no-options')
  const answer = withoutReasoning(reply)
  if (answer === null) return none('unfinished-reasoning')
  const text = plainText(answer).trim()
  if (text === '') return none('empty')
  const { field, isStatement } = decidingField(text, new OptionTexts(options))
  switch (field.kind) {
    case 'letter':
      return {
        kind: 'letter',
        letter: optionLetter(field.index),
        path: isStatement ? 'statement' : 'bare-letter',
      }
    case 'option-text':
      return { kind: 'letter', letter: optionLetter(field.index), path: 'option-text' }
    case 'conflicting':
      return none('conflicting')
    case 'outside':
      return none('letter-outside-options')
    case 'none':
      if (finish === 'length') return none('truncated')
      return none(REFUSAL.test(text) ? 'refusal' : 'no-statement')
  }
}

const REFUSAL =
  /\b(?:I|we)(?:'m| am| are)? (?:cannot|can['’]t|can not|unable to|not able to|won['’]t) (?:answer|provide|determine|choose|help|assist|give|say)|\bas an AI\b|无法(?:回答|确定|判断|提供|给出)|不能(?:回答|提供|给出)/i

function none(reason: NoAnswerReason): Extraction {
  return { kind: 'none', reason }
}

interface Decision {
  field: Field
  isStatement: boolean
}

const NONE: Field = { kind: 'none' }

function decidingField(text: string, options: OptionTexts): Decision {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const whole = lines.length === 1 ? readField(text, options) : NONE
  const isWhole = (whole.kind === 'letter' && whole.bare) || options.find(text) >= 0
  if (isWhole) return { field: whole, isStatement: false }
  const statement = lastStatement(text, options)
  const last = labelLine(lines.at(-1), lines.at(-2), options)
  if (last.kind !== 'none' && (!statement || statement.at <= text.lastIndexOf('\n'))) {
    return { field: last, isStatement: false }
  }
  if (statement) return { field: statement.field, isStatement: true }
  const first = labelLine(lines[0], lines[1], options)
  if (first.kind !== 'none') return { field: first, isStatement: false }
  return { field: impliedField(text, whole, options.count), isStatement: true }
}

const LABEL = /^\W{0,3}([A-Z])\s?[.):、,]/

/** A line that is only a letter, or a letter with its option's text, and not one of a list of options. */
function labelLine(line = '', neighbour = '', options: OptionTexts): Field {
  const field = readField(line, options)
  if (field.kind !== 'letter' || !field.bare) return NONE
  const label = LABEL.exec(neighbour)?.[1]
  return label !== undefined && label !== optionLetter(field.index) ? NONE : field
}

const LONE_CAPITALS = /(?<![A-Za-z0-9])[A-Z](?![A-Za-z0-9])/g

function namesNoOther(text: string, index: number, optionCount: number): boolean {
  const others = [...text.matchAll(LONE_CAPITALS)].map(([letter]) => letter.charCodeAt(0) - 0x41)
  return others.every((other) => other === index || other >= optionCount)
}

/** From "C is correct" and "C. because …" in a reply without a plainer statement. */
function impliedField(text: string, whole: Field, optionCount: number): Field {
  const indexes = verdicts(text, optionCount)
  if (whole.kind === 'letter' && LABEL.test(text)) {
    if (indexes.size > 0 || namesNoOther(text, whole.index, optionCount)) indexes.add(whole.index)
  }
  const [index, ...others] = indexes
  if (others.length > 0) return { kind: 'conflicting' }
  if (index !== undefined) return { kind: 'letter', index, bare: false }
  return whole.kind === 'letter' ? NONE : whole
}
