/** Planted faults: each must be noticed before anything of an answer is given. */
import type { SelfTestReport } from '#core/numerics/types'
import type { Checks } from '../checks'
import { FAULTS, type Fault } from './faulty-cache'
import type { ModelWorker } from './host'
import { questionsOf } from './questions'
import { LETTERS, type OpenModel } from './setting'

/** Short, since a software adapter reads each several times. */
const PREFIX_TOKENS = 40
const QUESTION_TOKENS = 40
/** The first is cold, the second gives the common beginning, the third is compared with a cold pass; then it is reused. */
const UNTIL_REUSED = 3

export async function runFaults(
  checks: Checks,
  open: OpenModel,
  report: SelfTestReport,
  seed: number,
): Promise<void> {
  for (const hidesCacheLength of [false, true]) {
    const model = await open({ hidesCacheLength })
    const who = hidesCacheLength ? ', in a runtime that does not count' : ''
    const cold = await askAt(model, UNTIL_REUSED, seed, false)
    await warmUp(model, report, seed)
    const control = await askAt(model, UNTIL_REUSED, seed, true)
    const difference = await model.call('difference', [control.logits!, cold.logits!])
    checks.check(
      `no fault${who}`,
      control.reading?.path === 'reused' && difference !== null && difference <= report.tolerance,
      `${readingText(control.reading)}; logits differ by ${difference?.toExponential(1)}`,
    )
    for (const fault of FAULTS) {
      checks.check(`${fault}${who}`, ...(await isCaught(model, fault, report, seed, cold.logits!)))
    }
    await model.close()
  }
}

async function isCaught(
  model: ModelWorker,
  fault: Fault,
  report: SelfTestReport,
  seed: number,
  cold: number,
): Promise<[boolean, string]> {
  await warmUp(model, report, seed)
  await model.call('plant', fault)
  const answer = await askAt(model, UNTIL_REUSED, seed, true)
  const difference = answer.logits === null ? null : await model.call('difference', [answer.logits, cold])
  const isRight = difference !== null && difference <= report.tolerance
  const isNoticed = answer.reading?.path === 'cold' && answer.reading.reason === 'check-failed'
  return [
    isNoticed && isRight,
    `${readingText(answer.reading)}; the answer's logits differ from a cold pass by ${difference?.toExponential(1) ?? 'no number'}`,
  ]
}

/** Brings the model where the next question is reused; taking over a report forgets what was reused before. */
async function warmUp(model: ModelWorker, report: SelfTestReport, seed: number): Promise<void> {
  await model.call('checkNumbers', report)
  for (let at = 0; at < UNTIL_REUSED; at += 1) await askAt(model, at, seed, true)
}

function askAt(model: ModelWorker, at: number, seed: number, reusePrompt: boolean) {
  const messages = questionsOf(UNTIL_REUSED + 1, PREFIX_TOKENS, QUESTION_TOKENS, seed)[at]!
  return model.call('ask', { messages, maxTokens: 0, letters: LETTERS, reusePrompt })
}

function readingText(reading: Awaited<ReturnType<typeof askAt>>['reading']): string {
  if (!reading) return 'no reading'
  const { path, reason, tokensFed, tokensReused } = reading
  return `${path}${reason ? ` (${reason})` : ''}, ${tokensFed} tokens fed, ${tokensReused} reused`
}
