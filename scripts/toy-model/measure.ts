/**
 * Measures the model file where it is used: in a browser, by wllama, on the built-in benchmark. Every item is
 * answered twice: a greedy reply read by the official extraction, and letter scores from one forward pass.
 * Prints a few conversations as well.
 *
 * Usage: node scripts/run.mjs toy-model/measure [--limit N] [--file ROWS.json] [--chat-only]
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import { officialExtraction } from '#core/answer/official'
import { anesBenchMessages } from '#core/prompt/anesbench'
import { optionLetter } from '#core/prompt/question'
import type { ChatMessage, ItemLanguage } from '#core/prompt/question'
import { call, openPage } from './browser'
import { CONVERSATIONS } from './conversations'
import type { Row } from './dataset'
import { DATASET_FILES, MODEL_FILE } from './paths'

const MAX_TOKENS = 256

interface Reply {
  text: string
  promptTokens: number
  completionTokens: number
  milliseconds: number
}

interface LetterScore {
  letters: Record<string, number>
  milliseconds: number
}

function optionsOf(row: Row): string[] {
  return Array.from({ length: row.choice_num }, (_, index) => String(row[optionLetter(index)]))
}

class Tally {
  private readonly counts = new Map<
    string,
    { n: number; generated: number; letters: number; stated: number }
  >()

  add(key: string, generated: boolean, letters: boolean, stated: boolean): void {
    const count = this.counts.get(key) ?? { n: 0, generated: 0, letters: 0, stated: 0 }
    count.n++
    count.generated += Number(generated)
    count.letters += Number(letters)
    count.stated += Number(stated)
    this.counts.set(key, count)
  }

  print(): void {
    const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)}%`
    for (const [key, { n, generated, letters, stated }] of this.counts) {
      console.log(
        `${key.padEnd(12)} n ${n}  generated ${percent(generated, n)}  letter scores ${percent(letters, n)}  answers stated ${percent(stated, n)}`,
      )
    }
  }
}

async function measure(
  page: Page,
  language: ItemLanguage,
  rows: readonly Row[],
  tally: Tally,
): Promise<void> {
  let [milliseconds, letterMilliseconds, prompt, completion] = [0, 0, 0, 0]
  for (const [index, row] of rows.entries()) {
    const options = optionsOf(row)
    const letters = options.map((_, i) => optionLetter(i))
    const question = { language, stem: row.question, options }
    const reply = await call<Reply>(page, 'reply', anesBenchMessages(question), MAX_TOKENS)
    const scores = await call<LetterScore>(
      page,
      'letters',
      anesBenchMessages(question, 'letter-only'),
      letters,
    )
    const best = letters.reduce((a, b) => ((scores.letters[b] ?? 0) > (scores.letters[a] ?? 0) ? b : a))
    const read = officialExtraction(reply.text, options)
    const answer = read.kind === 'letter' ? read.letter : ''
    const stated = read.kind === 'letter' && read.path === 'pattern'
    for (const key of [`${language} level ${row.category}`, `${language} all`, 'all'])
      tally.add(key, answer === row.target, best === row.target, stated)
    if (answer !== row.target || index % 50 === 0)
      console.log(
        `${answer === row.target ? 'right' : 'WRONG'} ${row.target} ${row.question}\n      ${options.join(' | ')}\n      ${reply.text}`,
      )
    milliseconds += reply.milliseconds
    letterMilliseconds += scores.milliseconds
    prompt += reply.promptTokens
    completion += reply.completionTokens
  }
  const mean = (sum: number) => (sum / rows.length).toFixed(1)
  console.log(
    `${language}: ${mean(prompt)} prompt tokens, ${mean(completion)} reply tokens, ${mean(milliseconds)} ms a reply, ${mean(letterMilliseconds)} ms a letter score`,
  )
}

async function converse(page: Page): Promise<void> {
  for (const turns of CONVERSATIONS) {
    const messages: ChatMessage[] = []
    for (const turn of turns) {
      if (turn.role === 'system') messages.push(turn)
      else {
        messages.push(turn)
        const { text } = await call<Reply>(page, 'reply', messages, MAX_TOKENS)
        messages.push({ role: 'assistant', content: text })
        console.log(`> ${turn.content}\n  ${text}`)
      }
    }
  }
}

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { limit: { type: 'string' }, file: { type: 'string' }, 'chat-only': { type: 'boolean' } },
  })
  const { page, close } = await openPage(MODEL_FILE)
  try {
    const tally = new Tally()
    const files = values.file ? { en: values.file } : DATASET_FILES
    if (!values['chat-only'])
      for (const [language, file] of Object.entries(files)) {
        const rows = JSON.parse(readFileSync(file, 'utf8')) as Row[]
        await measure(
          page,
          language as ItemLanguage,
          rows.slice(0, Number(values.limit ?? rows.length)),
          tally,
        )
      }
    if (!values.file) await converse(page)
    tally.print()
  } finally {
    await close()
  }
  return 0
}
