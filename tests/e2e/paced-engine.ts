/**
 * Real inference at the pace of a test. The built-in model answers within tenths of a second, so that a test which
 * waits for the middle of its work may come too late; a test that holds the engine there cannot.
 */
import type { Page } from 'playwright'
import { expect } from 'vitest'

/** What the engine may still do. */
export interface Allowance {
  /** Whole requests: replies, and passes over a prompt. */
  requests?: number
  /** Of the next request, at most. */
  tokens?: number
  /** Whether passes over a prompt do not count: letters, step scores, and the check before a prompt is reused. */
  repliesOnly?: boolean
}

export interface PacedEngine {
  /**
   * Holds the engine once it has done as much. Without whole requests the tokens are those of the request under way,
   * or else of the next; with them the one under way ends as usual and does not count. An engine that starts later
   * on the page, after a reload for example, begins with the same allowance.
   */
  holdAfter(allowance: Allowance): Promise<void>
  /** At full speed again. */
  letGo(): Promise<void>
}

interface Gate extends Required<Allowance> {
  /** Whether the request under way is one of which only some tokens are let through. */
  isPartial: boolean
  waiting: (() => boolean)[]
}

const OPEN: Required<Allowance> = { requests: Infinity, tokens: 0, repliesOnly: false }

/** Lets one token of replies after the other through until `isReached`. */
export async function dripUntil(
  isReached: () => Promise<boolean>,
  engine: PacedEngine,
  { everyMs, timeout }: { everyMs: number; timeout: number },
): Promise<void> {
  const next = async () => {
    await engine.holdAfter({ tokens: 1, repliesOnly: true })
    return isReached()
  }
  await expect.poll(next, { timeout, interval: everyMs }).toBe(true)
}

/** To be called before the engine starts. */
export async function pacedEngine(page: Page): Promise<PacedEngine> {
  let allowance = OPEN
  const installed: Promise<void>[] = []
  page.on('worker', (worker) => {
    if (!isEngine(worker)) return
    const start = async () => {
      await worker.evaluate(installGate, allowance)
      await page.evaluate(openDoor)
    }
    // The page, or its engine, may be gone meanwhile.
    installed.push(start().catch(() => undefined))
  })
  // For a page that is open already, and for its next visits.
  await page.evaluate(keepDoorsShut)
  await page.addInitScript(keepDoorsShut)
  const allow = async (next: Required<Allowance>) => {
    allowance = next
    await Promise.all(installed)
    for (const worker of page.workers()) if (isEngine(worker)) await worker.evaluate(changeGate, next)
  }
  return {
    holdAfter: ({ requests = 0, tokens = 0, repliesOnly = false }) =>
      allow({ requests, tokens, repliesOnly }),
    letGo: () => allow(OPEN),
  }
}

const isEngine = (worker: { url(): string }) => /\/engine-[^/]*\.js$/.test(worker.url())

/** In the page, before its own scripts: keeps what is sent to a new engine until the engine has its gate. */
function keepDoorsShut(): void {
  const doors: (() => void)[] = []
  class PacedWorker extends Worker {
    constructor(url: URL | string, options?: WorkerOptions) {
      super(url, options)
      if (options?.name !== 'somnus-engine') return
      const kept: unknown[][] = []
      const send = Worker.prototype.postMessage.bind(this) as (...message: unknown[]) => void
      this.postMessage = (...message: unknown[]) => void kept.push(message)
      doors.push(() => {
        Reflect.deleteProperty(this, 'postMessage')
        for (const message of kept) send(...message)
      })
    }
  }
  Object.assign(globalThis, { Worker: PacedWorker, engineDoors: doors })
}

/** In the page. */
function openDoor(): void {
  ;(globalThis as unknown as { engineDoors: (() => void)[] }).engineDoors.shift()?.()
}

/** In the engine's worker: from now on requests and tokens pass one by one on their way to llama.cpp. */
function installGate(allowance: Required<Allowance>): void {
  const gate: Gate = { ...allowance, isPartial: false, waiting: [] }
  const isReply = (body: unknown) => new TextDecoder().decode(body as Uint8Array).includes('"stream":true')
  const mayPass = (action: unknown, body: unknown): boolean => {
    if (action === 'completion') {
      if (gate.repliesOnly && !isReply(body)) {
        gate.isPartial = false
        return true
      }
      gate.isPartial = gate.requests < 1
      if (!gate.isPartial) gate.requests -= 1
      return !gate.isPartial || gate.tokens > 0
    }
    if (action !== 'get_result' || !gate.isPartial) return true
    gate.tokens -= 1
    return gate.tokens >= 0
  }
  const { postMessage: send } = Worker.prototype as unknown as Record<
    'postMessage',
    (this: Worker, ...message: unknown[]) => void
  >
  Worker.prototype.postMessage = function (this: Worker, ...message: unknown[]) {
    const [action, body] = (message[0] as { args?: unknown[] } | undefined)?.args ?? []
    const pass = () => {
      if (!mayPass(action, body)) return false
      send.apply(this, message)
      return true
    }
    if (!pass()) gate.waiting.push(pass)
  }
  Object.assign(globalThis, { gate })
}

/** In the engine's worker. */
function changeGate(allowance: Required<Allowance>): void {
  const { gate } = globalThis as unknown as { gate: Gate }
  Object.assign(gate, allowance, { isPartial: allowance.requests < 1 })
  gate.waiting = gate.waiting.filter((pass) => !pass())
}
