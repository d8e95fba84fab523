/**
 * A reply of 100 tokens/s in a conversation of 200 messages, in the built site. Tasks of the main thread are those that
 * the browser's own trace names, not what the page can see of itself.
 */
import type { Stores } from '#app/stores'
import type { GenerationEvent, GenerationRequest } from '#core/engine'
import { openApp, serveSite } from '../served-site'
import type { BenchOptions, Row } from './report'
import { BENCH_CONVERSATION, richReply, seedChat } from './seed-chat'
import { traceTasks } from './trace-tasks'

const MESSAGES = 200
const TOKENS_PER_SECOND = 100
/** Characters of a token; 20 s of a stream are then some 8,000 characters. */
const TOKEN_CHARACTERS = 4
const BARS = { taskMs: 50, frameMs: 100 }
/** Longer than this a frame was dropped, at 60 Hz. */
const DROPPED_MS = 34

export async function benchChat({ folder, browser }: BenchOptions): Promise<Row[]> {
  const site = await serveSite({ folder, browser })
  try {
    const first = await openApp(site)
    await seedChat(first, MESSAGES)
    await first.close()
    const page = await openApp(site)
    await page.evaluate(scriptReplies, [tokens(), 1000 / TOKENS_PER_SECOND] as const)
    const opened = await traceTasks(page, () =>
      page.evaluate(openConversation, [BENCH_CONVERSATION, MESSAGES] as const),
    )
    await page.evaluate(loadBuiltIn)
    const written = await traceTasks(page, () => page.evaluate(streamReply, DROPPED_MS))
    return rowsOf(opened.longestMs, written.longestMs, written.longestCpuMs, written.result)
  } finally {
    await site.close()
  }
}

function tokens(): string[] {
  const text = Array.from({ length: 6 }, (_, index) =>
    richReply(1000 + index).replace(/<\/?think>/g, ''),
  ).join('\n\n')
  return (
    `<think>\nSome doses are needed.\n</think>\n\n${text}`.match(
      new RegExp(`[^]{1,${TOKEN_CHARACTERS}}`, 'g'),
    ) ?? []
  )
}

interface Streamed {
  tokens: number
  seconds: number
  frames: number
  dropped: number
  longestFrameMs: number
  shown: boolean
}

function rowsOf(openedMs: number, longestMs: number, cpuMs: number, streamed: Streamed): Row[] {
  const ms = (value: number) => `${value.toFixed(0)} ms`
  return [
    {
      name: `opening ${MESSAGES} messages: longest task, at most ${BARS.taskMs} ms`,
      value: ms(openedMs),
      passed: openedMs <= BARS.taskMs,
    },
    {
      name: `a reply of ${streamed.tokens} tokens, written and shown`,
      value: `${(streamed.tokens / streamed.seconds).toFixed(0)} tokens/s`,
      passed: streamed.shown && streamed.tokens / streamed.seconds > TOKENS_PER_SECOND * 0.9,
    },
    {
      name: `longest task meanwhile, at most ${BARS.taskMs} ms`,
      value: ms(longestMs),
      passed: longestMs <= BARS.taskMs,
    },
    { name: 'the same in processor time', value: ms(cpuMs) },
    {
      name: `longest wait for a frame, at most ${BARS.frameMs} ms`,
      value: ms(streamed.longestFrameMs),
      passed: streamed.longestFrameMs <= BARS.frameMs,
    },
    { name: `frames later than ${DROPPED_MS} ms`, value: `${streamed.dropped} of ${streamed.frames}` },
  ]
}

interface BenchPage {
  somnusStores: Stores
}

/** In the page: from now on the engine's replies are `tokens`, one every `everyMs`. */
function scriptReplies([tokens, everyMs]: readonly [string[], number]): void {
  const scope = globalThis as unknown as BenchPage
  scope.somnusStores.engine.generate = async (
    _: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
  ) => {
    onEvent({ kind: 'prompt-processed', promptTokens: 900, timeToFirstTokenMs: 1 })
    const began = performance.now()
    let given = 0
    while (given < tokens.length) {
      await new Promise((resolve) => setTimeout(resolve, everyMs))
      const due = Math.min(tokens.length, Math.floor((performance.now() - began) / everyMs))
      for (; given < due; given += 1)
        onEvent({ kind: 'text', text: tokens[given]!, completionTokens: given + 1 })
    }
    const counts = { promptTokens: 900, completionTokens: given, timeToFirstTokenMs: 1 }
    const decodeMs = performance.now() - began
    return { ok: true, value: { text: tokens.join(''), finish: 'stop', ...counts, decodeMs } }
  }
}

/** In the page: until every message is there and its Markdown read. */
async function openConversation([id, count]: readonly [string, number]): Promise<void> {
  const LIMIT_MS = 60_000
  const began = performance.now()
  location.hash = `#/chat/${id}`
  const frame = () => new Promise(requestAnimationFrame)
  const isWhole = () => {
    const replies = document.querySelectorAll('article.assistant .markdown')
    return replies.length >= count / 2 && [...replies].every((reply) => reply.querySelector('.block'))
  }
  while (!isWhole() && performance.now() - began < LIMIT_MS) await frame()
  await new Promise((resolve) => setTimeout(resolve, 500))
}

/** In the page: so that a question can be asked; its own replies are replaced. */
async function loadBuiltIn(): Promise<void> {
  const { models } = (globalThis as unknown as BenchPage).somnusStores
  await models.load({ modelId: 'formulary', variantId: 'q8_0' })
  await new Promise((resolve) => setTimeout(resolve, 1000))
}

/** In the page: asks, and watches the frames until the reply has ended. */
async function streamReply(droppedMs: number): Promise<Streamed> {
  const chats = await (globalThis as unknown as BenchPage).somnusStores.openChats()
  const began = performance.now()
  await chats.send('And now?')
  let [last, frames, dropped, longestFrameMs] = [performance.now(), 0, 0, 0]
  while (chats.busy) {
    await new Promise(requestAnimationFrame)
    const now = performance.now()
    longestFrameMs = Math.max(longestFrameMs, now - last)
    if (now - last > droppedMs) dropped += 1
    frames += 1
    last = now
  }
  const reply = chats.path.at(-1)
  const tokens = reply?.role === 'assistant' ? reply.completionTokens : 0
  const seconds = (performance.now() - began) / 1000
  await new Promise((resolve) => setTimeout(resolve, 500))
  const shown = [...document.querySelectorAll('article')].at(-1)?.querySelectorAll('table').length === 6
  return { tokens, seconds, frames, dropped, longestFrameMs, shown }
}
