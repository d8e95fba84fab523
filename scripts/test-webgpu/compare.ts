/** The app against the same engine without it: same browser, same prompts, block by block in turns. */
import type { Page } from 'playwright'
import type { ChatMessage } from '#core/prompt/question'
import { benchmarkPrompts } from '../benchmark-prompts'
import { spread, spreadText } from '../spread'
import * as app from './app-driver'
import { askBare, closeBare, openBare, type BareReply } from './bare'
import type { Checks } from './checks'
import type { ModelInApp } from './run-in-app'

/** Each block loads the model anew, because two copies may not fit the GPU; the order is app, bare, bare, app. */
const BLOCKS = 4
const LEAST_RATIO = 0.97

interface Side {
  open(): Promise<void>
  ask(messages: readonly ChatMessage[]): Promise<BareReply>
  close(): Promise<void>
}

export interface ComparisonOptions {
  questions: number
  maxTokens: number
}

export async function compareWithBare(
  page: Page,
  checks: Checks,
  model: ModelInApp,
  { questions, maxTokens }: ComparisonOptions,
): Promise<void> {
  const prompts = model.isReal ? benchmarkPrompts(questions) : shortPrompts(questions)
  const sides = { app: appSide(page, model, maxTokens), bare: bareSide(page, model, maxTokens) }
  const rates = { app: [] as number[], bare: [] as number[] }
  const ratios: number[] = []
  let same = 0
  const size = Math.ceil(prompts.length / BLOCKS)
  for (let block = 0; block * size < prompts.length; block += 1) {
    const part = prompts.slice(block * size, (block + 1) * size)
    const replies: Record<'app' | 'bare', BareReply[]> = { app: [], bare: [] }
    for (const side of block % 2 === 0 ? (['app', 'bare'] as const) : (['bare', 'app'] as const)) {
      await sides[side].open()
      // The first request after a load is slower than all later ones.
      if (!model.adapter.isSoftware) await sides[side].ask(part[0]!)
      for (const messages of part) replies[side].push(await sides[side].ask(messages))
      await sides[side].close()
      rates[side].push(rate(replies[side]))
    }
    ratios.push(rate(replies.app) / rate(replies.bare))
    same += replies.app.filter(({ text }, at) => text === replies.bare[at]?.text).length
  }
  const allTokens = spread(ratios)
  checks.check('same replies', same === prompts.length, `${same} of ${prompts.length} are equal`)
  checks.say('app', `${spreadText(spread(rates.app), 2)} tokens/s, prompts included`)
  checks.say('bare', `${spreadText(spread(rates.bare), 2)} tokens/s`)
  const text = `${spreadText(allTokens, 3)} of the bare engine's speed`
  if (model.adapter.isSoftware)
    checks.skip('app against bare', `${text}; a software adapter measures nothing`)
  else checks.check('app against bare', allTokens.median >= LEAST_RATIO, `${text}, at least ${LEAST_RATIO}`)
}

function appSide(page: Page, { name }: ModelInApp, maxTokens: number): Side {
  return {
    async open() {
      const loaded = await app.loadModel(page, name)
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure))
    },
    ask: (messages) => app.timedReply(page, messages, maxTokens),
    close: async () => void (await app.unloadModel(page, name)),
  }
}

function bareSide(page: Page, { contextTokens }: ModelInApp, maxTokens: number): Side {
  return {
    open: () => openBare(page, contextTokens),
    ask: (messages) => askBare(page, messages, maxTokens),
    close: () => closeBare(page),
  }
}

function rate(replies: readonly BareReply[]): number {
  const tokens = replies.reduce((sum, reply) => sum + reply.tokens, 0)
  return (1000 * tokens) / replies.reduce((sum, reply) => sum + reply.milliseconds, 0)
}

/** For synthetic weights, to which words are as good as any: what matters is how long they take. */
function shortPrompts(count: number): ChatMessage[][] {
  return Array.from({ length: count }, (_, index) => [{ role: 'user', content: `${index + 1}?` }])
}
