/** Letters of questions that share their instructions, and scores of a reply's steps, with and without reuse, on the CPU. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import type { LetterScores } from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { scorableSteps } from '#core/strategy/steps'
import { VERIFIER_LETTERS, verifierMessages } from '#core/strategy/verifier'
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
/** A chain of thought as MedS3 writes them. */
const STEPS = 8
const STEP_TOKENS = 40
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
  const letters = await bothWays(page, sharedQuestions(), LETTERS, true, rounds)
  const ratio = spread(letters.ratios)
  const steps = await bothWays(page, verifierChain(), VERIFIER_LETTERS, false, rounds)
  return [
    {
      name: `letters of ${QUESTIONS} questions of ${Math.round(letters.tokens / QUESTIONS)} tokens, items/s with reuse`,
      value: spreadText(spread(letters.reused.map((each) => (1000 * QUESTIONS) / each)), 2),
    },
    {
      name: 'without',
      value: spreadText(spread(letters.cold.map((each) => (1000 * QUESTIONS) / each)), 2),
    },
    {
      name: `with / without, checks included, at least ${BARS.ratio}`,
      value: spreadText(ratio, 2),
      passed: ratio.median >= BARS.ratio,
    },
    { name: 'prompt tokens kept', value: `${((100 * letters.kept) / letters.tokens).toFixed(0)}%` },
    {
      name: `largest difference of a probability, at most ${BARS.probability}`,
      value: letters.furthest.toExponential(1),
      passed: letters.furthest <= BARS.probability,
    },
    {
      name: `${STEPS} steps of a reply scored by a self-verifier, seconds with reuse`,
      value: spreadText(spread(steps.reused.map((each) => each / 1000)), 2),
    },
    { name: 'without', value: spreadText(spread(steps.cold.map((each) => each / 1000)), 2) },
    { name: 'without / with, checks included', value: spreadText(spread(steps.ratios), 2) },
    {
      name: 'prompt tokens fed, with and without, checks included',
      value: `${Math.round(steps.fed)} and ${Math.round(steps.tokens)}`,
    },
    {
      name: `largest difference of a score, at most ${BARS.probability}`,
      value: steps.furthest.toExponential(1),
      passed: steps.furthest <= BARS.probability,
    },
  ]
}

/** Of each round: milliseconds of all prompts, and cold to reused. Tokens are of one round, on average. */
interface BothWays {
  reused: number[]
  cold: number[]
  ratios: number[]
  /** Tokens of the prompts, and of those what was in the cache and what went through the model. */
  tokens: number
  kept: number
  fed: number
  /** Largest difference of a probability between the ways. */
  furthest: number
}

/** `comparesLast`: as in a run, whose last answer is compared so that all of them count. */
async function bothWays(
  page: Page,
  prompts: ChatMessage[][],
  letters: readonly string[],
  comparesLast: boolean,
  rounds: number,
): Promise<BothWays> {
  const ask = (reusePrompt: boolean) =>
    page.evaluate(askAll, [prompts, letters, comparesLast, reusePrompt] as const)
  const found: BothWays = { reused: [], cold: [], ratios: [], tokens: 0, kept: 0, fed: 0, furthest: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const first = await ask(round % 2 === 0)
    const second = await ask(round % 2 !== 0)
    const [reused, cold] = round % 2 === 0 ? [first, second] : [second, first]
    found.reused.push(reused.milliseconds)
    found.cold.push(cold.milliseconds)
    found.ratios.push(cold.milliseconds / reused.milliseconds)
    for (const [at, { probabilities, promptTokens, reading }] of reused.scores.entries()) {
      found.tokens += promptTokens / rounds
      found.kept += (reading?.tokensReused ?? 0) / rounds
      found.fed += (reading?.tokensFed ?? NaN) / rounds
      for (const [letter, value] of probabilities.entries()) {
        const difference = Math.abs(value - (cold.scores[at]?.probabilities[letter] ?? NaN))
        // No number is no agreement.
        found.furthest = Number.isNaN(difference) ? Infinity : Math.max(found.furthest, difference)
      }
    }
  }
  return found
}

/** What a self-verifier is asked of a reply, one prompt for each of its steps. */
function verifierChain(): ChatMessage[][] {
  const random = new Random(2)
  const words = (count: number) => Array.from({ length: count }, () => random.pick(WORDS)).join(' ')
  const question: ChatMessage[] = [{ role: 'user', content: words(OWN_TOKENS) }]
  const reply = Array.from({ length: STEPS }, () => words(STEP_TOKENS)).join('\n\n')
  return scorableSteps(reply).map(({ end }) => verifierMessages(question, reply.slice(0, end), 'en'))
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
  const request = { engine: 'wllama', source, contextTokens: 2048, threads: 1 } as const
  const loaded = await engine.load({ id: 'bench', name: 'Random' }, request, new AbortController().signal)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure))
}

/** In the page. */
async function askAll([questions, letters, comparesLast, reusePrompt]: readonly [
  ChatMessage[][],
  readonly string[],
  boolean,
  boolean,
]): Promise<Round> {
  const { engine } = (globalThis as BenchGlobal).somnusStores
  const scores: LetterScores[] = []
  const began = performance.now()
  for (const messages of questions) {
    const compareReuse = comparesLast && reusePrompt && messages === questions.at(-1)
    const request = { messages, letters, reusePrompt, compareReuse }
    const scored = await engine.scoreLetters(request, new AbortController().signal)
    if (!scored.ok) throw new Error(JSON.stringify(scored.failure))
    scores.push(scored.value)
  }
  return { milliseconds: performance.now() - began, scores }
}
