/** The messages of the built-in benchmark's questions, as a run would send them. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readRow } from '#core/dataset/read-row'
import { anesBenchMessages } from '#core/prompt/anesbench'
import type { ChatMessage } from '#core/prompt/question'

const FILE = fileURLToPath(new URL('../public/datasets/formulary_en.json', import.meta.url))

/** The first `count` questions; they begin anew where the file has fewer. */
export function benchmarkPrompts(count: number): ChatMessage[][] {
  const rows = JSON.parse(readFileSync(FILE, 'utf8')) as unknown[]
  const prompts = rows
    .flatMap((row, index) => readRow(row, index + 1, 'en').items)
    .map((item) => anesBenchMessages(item))
  if (prompts.length === 0) throw new Error(`${FILE} holds no question.`)
  return Array.from({ length: count }, (_, index) => prompts[index % prompts.length]!)
}
