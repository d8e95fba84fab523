/** Where the files made here lie, and the record of what they are. Paths are relative to the project. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { ItemLanguage } from '#core/prompt/question'

/** What passes between the steps; not committed. */
export const WORK = '.cache/toy-model'
export const MODEL_FILE = 'public/models/formulary.gguf'
export const DATASET_FILES: Record<ItemLanguage, string> = {
  en: 'public/datasets/formulary_en.json',
  zh: 'public/datasets/formulary_zh.json',
}
export const SUMS_FILE = 'scripts/toy-model/SHA256SUMS'

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** Writes SHA256SUMS, in the form `sha256sum -c` reads from the project folder. */
export function recordSums(): void {
  const files = [MODEL_FILE, ...Object.values(DATASET_FILES)].filter((file) => existsSync(file))
  writeFileSync(SUMS_FILE, files.map((file) => `${sha256(file)}  ${file}\n`).join(''))
}
