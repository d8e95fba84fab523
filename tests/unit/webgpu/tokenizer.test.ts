import { expect, test } from 'vitest'
import { renderPrompt } from '../../../scripts/test-webgpu/prompt-codec'
import {
  conversationConfig,
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

test('the general rendering of a template gives the same prompt', () => {
  const rendered = renderPrompt(conversationConfig().conv_template, 'Was?')!
  expect(rendered.prefix).toEqual([])
  expect(rendered.segments).toEqual(['<|im_start|>user\nWas?<|im_end|>\n', '<|im_start|>assistant\n'])
})

// As mlc-llm writes it for Llama 3 and for Mistral.
const LLAMA3 = {
  system_template: '<|start_header_id|>system<|end_header_id|>\n\n{system_message}<|eot_id|>',
  system_message: 'Be $& kind.',
  system_prefix_token_ids: [128000],
  roles: { user: '<|start_header_id|>user', assistant: '<|start_header_id|>assistant' },
  role_templates: { user: '{user_message}' },
  seps: ['<|eot_id|>'],
  role_content_sep: '<|end_header_id|>\n\n',
  role_empty_sep: '<|end_header_id|>\n\n',
}
const MISTRAL = {
  system_template: '[INST] {system_message}',
  system_message: 'Be kind.',
  system_prefix_token_ids: [1],
  add_role_after_system_message: false,
  roles: { user: '[INST]', assistant: '[/INST]' },
  role_templates: { user: '{user_message}' },
  seps: [' '],
  role_content_sep: ' ',
  role_empty_sep: '',
}

test.each([
  [
    LLAMA3,
    [128000],
    [
      '<|start_header_id|>system<|end_header_id|>\n\nBe $& kind.<|eot_id|>',
      '<|start_header_id|>user<|end_header_id|>\n\nWas?<|eot_id|>',
      '<|start_header_id|>assistant<|end_header_id|>\n\n',
    ],
  ],
  [MISTRAL, [1], ['[INST] Be kind.', 'Was? ', '[/INST]']],
])('a template is rendered in parts, after its first tokens (%#)', (template, prefix, segments) => {
  expect(renderPrompt(template, 'Was?')).toEqual({ prefix, segments })
})

test.each([[{}], [undefined], [{ ...LLAMA3, messages: [['user', 'x']] }], [{ ...LLAMA3, seps: [] }]])(
  'a template of another kind is not rendered: %j',
  (template) => {
    expect(renderPrompt(template, 'Was?')).toBeUndefined()
  },
)
