import { expect, test } from 'vitest'
import {
  letterToken,
  promptTokens,
  textOf,
  tokenizerJson,
} from '../../../scripts/test-webgpu/synthetic-tokenizer'

const { model, added_tokens } = tokenizerJson() as {
  model: { vocab: Record<string, number> }
  added_tokens: { id: number; content: string }[]
}

test.each([
  ['A', 65],
  ['~', 126],
  // GPT-2's byte-level vocabularies write a space so, a line feed and byte 0 as well.
  ['Ġ', 32],
  ['Ċ', 10],
  ['Ā', 0],
  ['ÿ', 255],
])('the vocabulary writes byte %2$i as %1$s', (character, byte) => {
  expect(model.vocab[character]).toBe(byte)
})

test('every byte has a token of its own, and the marks follow', () => {
  expect(Object.values(model.vocab).sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, at) => at))
  expect(added_tokens.map(({ id }) => id)).toEqual([256, 257, 258])
})

test('a prompt is the ChatML template around the message, byte by byte', () => {
  const marks = new Map(added_tokens.map(({ id, content }) => [id, content]))
  const text = promptTokens('Was?').map((token) => marks.get(token) ?? String.fromCharCode(token))
  expect(text.join('')).toBe('<|im_start|>user\nWas?<|im_end|>\n<|im_start|>assistant\n')
})

test('letters are single tokens, and only bytes make text', () => {
  expect(textOf([letterToken('A'), letterToken('D')])).toBe('AD')
  expect(textOf([65, 258])).toBeUndefined()
})
