import { afterAll, beforeAll, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import type { AssistantMessage } from '#core/chat/types'
import ReplyText from '#ui/chat/ReplyText.svelte'
import '../../src/ui/theme.css'
import { hostileReplies } from '../fixtures/hostile-replies'
import { DESCRIPTION, openTab } from './chat-fixture'
import StoresHarness from './StoresHarness.svelte'

/** All of them take minutes: `npm run test:hostile`. Here a share of each kind. */
const ALL = 10_000
const SHARE = 250
const WHOLE = import.meta.env.VITE_HOSTILE_REPLIES === 'all'
const COUNT = WHOLE ? ALL : SHARE
/** Shown at a time, as in a conversation. */
const TOGETHER = 25
/** No task may be longer. Only the whole is timed, on a machine that does nothing else. */
const TASK_LIMIT_MS = 2_000

const TRAP = `${location.origin}/trap`
const ELEMENTS =
  /^(p|br|hr|strong|em|del|code|pre|blockquote|ul|ol|li|h3|table|thead|tbody|tr|th|td|a|var|samp|span|div|button|section|details|summary|m[a-z]+|none)$/
const ATTRIBUTES =
  /^(class|lang|start|data-(language|address|host|copy)|role|tabindex|title|type|aria-label|open|style|display|displaystyle|scriptlevel|math(variant|color|background|size)|stretchy|symmetric|fence|form|[lr]space|movablelimits|largeop|separator|accent(under)?|linethickness|width|height|depth|voffset|m(in|ax)size|column(align|spacing|span)|row(spacing|span)|notation|align|dir)$/

const requested: string[] = []
let owned = 0
let longestTaskMs = 0
const requests = new PerformanceObserver((list) =>
  requested.push(...list.getEntries().map(({ name }) => name)),
)
const tasks = new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
})

beforeAll(() => {
  requests.observe({ type: 'resource' })
  tasks.observe({ type: 'longtask' })
  Object.assign(window, { owned: () => (owned += 1) })
})
afterAll(() => (requests.disconnect(), tasks.disconnect()))

const reply = (text: string): AssistantMessage => ({
  ...{
    role: 'assistant',
    id: 1,
    parent: 0,
    text,
    at: 0,
    removedAt: null,
    editedFrom: null,
    continuedFrom: null,
  },
  ...{ finish: 'stop', modelName: 'm', quantization: null, engine: DESCRIPTION, promptTokens: 1 },
  ...{ completionTokens: 1, timeToFirstTokenMs: 1, decodeMs: 1, reasoningMs: null, settings: null },
  ...{ omittedMessages: 0, summary: null },
})

const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms))

/** Shows replies as the chat does, opens what can be opened, and touches what a reader would. */
async function live(texts: readonly string[]): Promise<void> {
  const { stores } = await tab
  const views = texts.map((text) => ({ stores, components: [ReplyText], given: { message: reply(text) } }))
  const shown = await Promise.all(views.map((props) => render(StoresHarness, props)))
  for (const details of document.querySelectorAll('details')) details.open = true
  const PATIENCE_MS = 60_000
  const begun = performance.now()
  const isDone = () =>
    [...document.querySelectorAll('.markdown')].every((text) => text.querySelector('.block')) &&
    !document.querySelector('var:not([class]), samp:not([class])')
  while (!isDone()) {
    if (performance.now() - begun > PATIENCE_MS)
      throw new Error(`not shown: ${JSON.stringify(texts.map((text) => text.slice(0, 200)))}`)
    await pause(20)
  }
  for (const element of document.querySelectorAll('.markdown *')) {
    const { localName } = element
    if (!ELEMENTS.test(localName)) throw new Error(`element ${localName}`)
    for (const { name } of element.attributes)
      if (!ATTRIBUTES.test(name)) throw new Error(`${localName} ${name}`)
    if (localName === 'a') element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))
  }
  document.querySelector<HTMLElement>('a[data-address]')?.focus()
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(innerWidth)
  await pause()
  for (const { unmount } of shown) await unmount()
}

const tab = openTab(`test-hostile-${crypto.randomUUID()}`)

it(
  `executes nothing of ${COUNT} hostile replies, requests nothing, and stays usable`,
  { timeout: 1_200_000 },
  async () => {
    await page.viewport(900, 700)
    let texts: string[] = []
    // Spread over all of them, so that a share has each kind.
    const step = ALL / COUNT
    for (let number = 0; number < ALL; number += step) {
      texts.push(...hostileReplies(TRAP, number, number + 1))
      if (texts.length < TOGETHER) continue
      await live(texts)
      texts = []
    }
    expect(owned).toBe(0)
    expect(requested.filter((url) => url.startsWith(TRAP))).toEqual([])
    if (WHOLE) expect(longestTaskMs).toBeLessThan(TASK_LIMIT_MS)
    console.info(`${COUNT} hostile replies: longest task ${longestTaskMs.toFixed(0)} ms`)
  },
)
