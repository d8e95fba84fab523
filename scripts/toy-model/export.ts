/** Writes the trained weights as the model file of the app, and records its SHA-256. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { CHAT_TEMPLATE } from './corpus'
import { writeGguf } from './gguf'
import type { ModelShape } from './gguf'
import { MODEL_FILE, WORK, recordSums } from './paths'
import type { Tokenizer } from './tokenizer'

interface Weights {
  shape: ModelShape
  /** Offset and count in numbers, by tensor name. */
  tensors: Record<string, readonly [number, number]>
}

/** One megabyte: a first visit should cost less than a photograph. */
const LIMIT_BYTES = 1_000_000

export function main(): Promise<number> {
  const tokenizer = JSON.parse(readFileSync(`${WORK}/tokenizer.json`, 'utf8')) as Tokenizer
  const { shape, tensors } = JSON.parse(readFileSync(`${WORK}/weights.json`, 'utf8')) as Weights
  const file = readFileSync(`${WORK}/weights.bin`)
  const numbers = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength))
  const bytes = writeGguf({
    name: 'Somnus formulary',
    description: 'A demonstration model of an invented drug formulary. It knows nothing about medicine.',
    shape,
    tokenizer,
    chatTemplate: CHAT_TEMPLATE,
    tensor: (name) => {
      const [offset, count] = tensors[name] ?? [0, 0]
      return numbers.subarray(offset, offset + count)
    },
  })
  if (bytes.length > LIMIT_BYTES) throw new Error(`${bytes.length} bytes is more than ${LIMIT_BYTES}`)
  mkdirSync('public/models', { recursive: true })
  writeFileSync(MODEL_FILE, bytes)
  console.log(`${MODEL_FILE}: ${bytes.length} bytes`)
  recordSums()
  return Promise.resolve(0)
}
