/** Random sequences of requests as chats and runs make them, with the cache reused; then each prompt again, cold. */
import type { SelfTestReport } from '#core/numerics/types'
import { randomBelow } from '#core/run/random'
import type { ChatMessage } from '#core/prompt/question'
import type { Checks } from '../checks'
import { RandomWalk, type Step } from './random-walk'
import type { ModelWorker } from './host'
import { LETTERS, type OpenModel } from './setting'

const MOST_STEPS = 4
const FEWEST_STEPS = 2
/** After so many sequences the cold passes are made that are still missing; they empty the cache. */
const BLOCK = 10
/** Between nothing done and a whole answer, on a software adapter. */
const LATEST_ABORT_MS = 4000
/** Prompts that differ by less than so many times the tolerance would prove nothing. */
const SENSITIVITY = 10

interface Given {
  /** Names the prompt. */
  key: string
  messages: readonly ChatMessage[]
  logits: number
}

export async function runSequences(
  checks: Checks,
  open: OpenModel,
  report: SelfTestReport,
  count: number,
  seed: number,
): Promise<void> {
  const model = await open()
  await model.call('checkNumbers', report)
  const tally = new Map<string, number>()
  const add = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)
  const cold = new Map<string, number>()
  let worst = 0
  let least = Infinity
  let given: Given[] = []
  let compared = 0
  for (let at = 0; at < count; at += 1) {
    given.push(...(await runSequence(model, seed, at, add)))
    if ((at + 1) % BLOCK !== 0 && at + 1 < count) continue
    const { largest, leastBetweenPrompts } = await compareWithCold(model, given, cold)
    worst = Math.max(worst, largest)
    least = Math.min(least, leastBetweenPrompts)
    compared += given.length
    given = []
    checks.progress(
      `${at + 1} of ${count} sequences: ${compared} answers differ from ${cold.size} cold passes by at most ${worst.toExponential(1)}`,
    )
  }
  await model.close()
  checks.say('requests', [...tally].map(([what, times]) => `${times} ${what}`).join(', '))
  const failed = tally.get('cold (check-failed)') ?? 0
  checks.check(
    'different prompts',
    least > SENSITIVITY * report.tolerance,
    `their logits differ by at least ${least.toExponential(1)}`,
  )
  checks.check(
    'reuse against cold passes',
    compared > 0 && worst <= report.tolerance && failed === 0,
    `${count} sequences, ${compared} answers, ${cold.size} prompts: logits differ by at most ${worst.toExponential(1)}; ` +
      `${report.tolerance} is allowed; ${failed} checks failed`,
  )
}

async function runSequence(
  model: ModelWorker,
  seed: number,
  sequence: number,
  add: (what: string) => void,
): Promise<Given[]> {
  const random = randomBelow(seed, 1000 + sequence)
  const walk = new RandomWalk(random)
  const given: Given[] = []
  for (let left = FEWEST_STEPS + random(MOST_STEPS - FEWEST_STEPS + 1); left > 0; left -= 1) {
    const step = walk.next()
    const isStopped = step.kind === 'abort'
    const answer = await model.call('ask', {
      ...asked(step),
      reusePrompt: true,
      ...(isStopped && { abortAfterMs: random(LATEST_ABORT_MS) }),
    })
    const { reading } = answer
    add(step.kind)
    if (reading) add(`${reading.path}${reading.reason ? ` (${reading.reason})` : ''}`)
    if (!isStopped) walk.answered(answer.text)
    if (answer.logits !== null)
      given.push({ key: JSON.stringify(step.messages), messages: step.messages, logits: answer.logits })
  }
  return given
}

interface Compared {
  /** Of an answer from the cold pass over the same prompt. */
  largest: number
  /** Of a prompt's cold pass from that of the prompt before: what a wrong cache would at least come to. */
  leastBetweenPrompts: number
}

/** Each prompt is read cold once. */
async function compareWithCold(
  model: ModelWorker,
  given: readonly Given[],
  cold: Map<string, number>,
): Promise<Compared> {
  let largest = 0
  let leastBetweenPrompts = Infinity
  for (const { key, messages, logits } of given) {
    if (!cold.has(key)) {
      const answer = await model.call('ask', {
        ...{ messages, maxTokens: 0, letters: LETTERS, reusePrompt: false },
      })
      const before = [...cold.values()].at(-1)
      cold.set(key, answer.logits!)
      if (before !== undefined) {
        const between = await model.call('difference', [before, answer.logits!])
        leastBetweenPrompts = Math.min(leastBetweenPrompts, between ?? 0)
      }
    }
    const difference = await model.call('difference', [logits, cold.get(key)!])
    largest = Math.max(largest, difference ?? Infinity)
  }
  return { largest, leastBetweenPrompts }
}

function asked({ messages, maxTokens }: Step) {
  return { messages, maxTokens, letters: LETTERS }
}
