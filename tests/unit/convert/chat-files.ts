/** The small files that come with a checkpoint. */
import { json } from './checkpoint-fixture'
import { TEMPLATES } from './jinja-templates'
import type { Files } from './safetensors-fixture'

export const TOKENIZER = {
  version: '1.0',
  added_tokens: [
    { id: 5, content: '<|endoftext|>' },
    { id: 6, content: '<|im_start|>' },
    { id: 7, content: '<|im_end|>' },
  ],
  decoder: { type: 'ByteLevel' },
  model: { type: 'BPE', vocab: { a: 0, b: 287 }, merges: [] },
}
export const TOKENIZER_CONFIG = {
  ...{ bos_token: null, eos_token: { content: '<|im_end|>' }, chat_template: TEMPLATES['qwen2.5'] },
}
export const GENERATION = { temperature: 0.7, top_p: 0.8, repetition_penalty: 1.05, eos_token_id: [7, 5] }

export function withChatFiles(files: Files, changes: Record<string, unknown> = {}): Files {
  const texts = {
    'tokenizer.json': TOKENIZER,
    'tokenizer_config.json': TOKENIZER_CONFIG,
    'generation_config.json': GENERATION,
    ...changes,
  }
  for (const [path, content] of Object.entries(texts)) if (content !== null) files.set(path, json(content))
  return files
}
