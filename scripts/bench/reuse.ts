/** Letters of questions that share their instructions, with and without the reuse of what was read, on the CPU. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import type { LetterScores } from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { openApp, serveSite } from '../served-site'
import { spread, spreadText } from '../spread'
import { Random } from '../toy-model/random'
import type { BenchGlobal } from './engine'
import { BENCH_SHAPE, randomGguf } from './random-gguf'
import type { BenchOptions, Row } from './report'

const QUESTIONS = 30
/** About as many tokens as AnesBench's instructions and one of its questions with its options. */
const SHARED_TOKENS = 150
const OWN_TOKENS = 100
const LETTERS = ['A', 'B', 'C', 'D']
const BARS = { ratio: 1.5, probability: 1e-6 }
const MODEL = '/beside/reuse/random.gguf'
const WORDS = ['organ', 'liver', 'kidney', 'muscle', 'lung', 'plasma']

interface Round {
  milliseconds: number
  scores: LetterScores[]
}

/** Both ways take turns, and swap who begins: what disturbs one disturbs the other. */
export async function benchReuse({ folder, browser, rounds }: BenchOptions): Promise<Row[]> {
  const model = randomGguf(readFileSync('public/models/formulary.gguf'), BENCH_SHAPE, 1)
  const site = await serveSite({
    folder,
    browser,
    routes: [
      {
        prefix: '/beside/reuse/',
        answer: (_path, _request, response) => {
          response.setHeader('Content-Type', 'application/octet-stream')
          response.setHeader('Content-Length', model.length)
          response.end(model)
        },
      },
    ],
  })
  try {
    const page = await openApp(site)
    await page.evaluate(loadModel, [MODEL, model.length] as const)
    return await reuseRows(page, rounds)
  } finally {
    await site.close()
  }
}

async function reuseRows(page: Page, rounds: number): Promise<Row[]> {
  const questions = sharedQuestions()
  const ask = (reusePrompt: boolean) => page.evaluate(askAll, [questions, LETTERS, reusePrompt] as const)
  const rates: Record<'reused' | 'cold' | 'ratio', number[]> = { reused: [], cold: [], ratio: [] }
  let furthest = 0
  let kept = 0
  let tokens = 0
  for (let round = 0; round < rounds; round += 1) {
    const first = await ask(round % 2 === 0)
    const second = await ask(round % 2 !== 0)
    const [reused, cold] = round % 2 === 0 ? [first, second] : [second, first]
    rates.reused.push((1000 * QUESTIONS) / reused.milliseconds)
    rates.cold.push((1000 * QUESTIONS) / cold.milliseconds)
    rates.ratio.push(cold.milliseconds / reused.milliseconds)
    for (const [at, { probabilities, promptTokens, reading }] of reused.scores.entries()) {
      kept += reading?.tokensReused ?? 0
      tokens += promptTokens
      for (const [letter, value] of probabilities.entries())
        furthest = Math.max(furthest, Math.abs(value - (cold.scores[at]?.probabilities[letter] ?? NaN)))
    }
  }
  const ratio = spread(rates.ratio)
  return [
    {
      name: `letters of ${QUESTIONS} questions of ${Math.round(tokens / rounds / QUESTIONS)} tokens, items/s with reuse`,
      value: spreadText(spread(rates.reused), 2),
    },
    { name: 'without', value: spreadText(spread(rates.cold), 2) },
    {
      name: `with / without, checks included, at least ${BARS.ratio}`,
      value: spreadText(ratio, 2),
      passed: ratio.median >= BARS.ratio,
    },
    { name: 'prompt tokens kept', value: `${((100 * kept) / tokens).toFixed(0)}%` },
    {
      name: `largest difference of a probability, at most ${BARS.probability}`,
      value: furthest.toExponential(1),
      passed: furthest <= BARS.probability,
    },
  ]
}

/** One word is one token of the built-in vocabulary, which the model has. */
function sharedQuestions(): ChatMessage[][] {
  const random = new Random(1)
  const words = (count: number) => Array.from({ length: count }, () => random.pick(WORDS)).join(' ')
  const shared = words(SHARED_TOKENS)
  return Array.from({ length: QUESTIONS }, () => [
    { role: 'user', content: `${shared}\n${words(OWN_TOKENS)}` },
  ])
}

/** In the page. */
async function loadModel([url, bytes]: readonly [string, number]): Promise<void> {
  const { engine } = (globalThis as BenchGlobal).somnusStores
  const source = { kind: 'gguf-url', url, bytes } as const
  const request = { engine: 'wllama', source, contextTokens: 1024, threads: 1 } as const
  const loaded = await engine.load({ id: 'bench', name: 'Random' }, request, new AbortController().signal)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure))
}

/** In the page. */
async function askAll([questions, letters, reusePrompt]: readonly [
  ChatMessage[][],
  string[],
  boolean,
]): Promise<Round> {
  const { engine } = (globalThis as BenchGlobal).somnusStores
  const scores: LetterScores[] = []
  const began = performance.now()
  for (const messages of questions) {
    const scored = await engine.scoreLetters({ messages, letters, reusePrompt }, new AbortController().signal)
    if (!scored.ok) throw new Error(JSON.stringify(scored.failure))
    scores.push(scored.value)
  }
  return { milliseconds: performance.now() - began, scores }
}
