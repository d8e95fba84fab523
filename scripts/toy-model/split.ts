/**
 * Which questions are kept out of training. A question is its stem with its set of options, in any order, in
 * any prompt kind: a model trained without it has not seen it in disguise either. The facts and rules behind
 * it do occur in training, in other questions: that is what level 1 measures.
 */
import type { Question } from './questions'

export type Part = 'training' | 'development' | 'benchmark'

export type Identity = Pick<Question, 'language' | 'stem' | 'options'>

/** One question in eight for the benchmark, one for choosing between trained models. */
const PARTS = 8

export function questionKey({ language, stem, options }: Identity): string {
  return [language, stem, ...[...options].sort()].join('\n')
}

/** FNV-1a, 32 bits, over UTF-16 units, with a final mix so that the low bits depend on all of it. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
  return (value ^ (value >>> 16)) >>> 0
}

export function partOf(question: Identity): Part {
  const bucket = hash(questionKey(question)) % PARTS
  return bucket === 0 ? 'benchmark' : bucket === 1 ? 'development' : 'training'
}
