/** The app's numerical self-test, with the kernels as they come and with the barrier. */
import { FEEDING_ORDERS, type SelfTestReport } from '#core/numerics/types'
import { verdictOf } from '#core/numerics/verdict'
import { seconds, type Checks } from '../checks'
import type { OpenModel } from './setting'

/** Must fail where the race shows, and pass with the barrier; gives the report of the latter. */
export async function runSelfTests(
  checks: Checks,
  open: OpenModel,
  isSoftware: boolean,
): Promise<SelfTestReport> {
  const asItComes = await selfTest(open, false)
  const failed = !verdictOf(asItComes).appendsSound
  const text = differencesText(asItComes)
  // Subgroups of a software adapter have 4 lanes; where a row lies within one, the race cannot show.
  if (isSoftware || failed) checks.check('self-test without the barrier fails', failed, text)
  else checks.skip('self-test without the barrier fails', `the race does not show on this GPU: ${text}`)
  const corrected = await selfTest(open, true)
  checks.check('self-test with the barrier', verdictOf(corrected).sound, differencesText(corrected))
  return corrected
}

async function selfTest(open: OpenModel, mergeBarrier: boolean): Promise<SelfTestReport> {
  const model = await open({ mergeBarrier })
  const report = await model.call('checkNumbers', null)
  await model.close()
  return report
}

function differencesText({ differences, tolerance, elapsedMs }: SelfTestReport): string {
  const found = FEEDING_ORDERS.map(
    (order) => `${order} ${differences[order]?.toExponential(1) ?? 'no number'}`,
  )
  return `logits differ by ${found.join(', ')}; ${tolerance} is allowed (${seconds(elapsedMs)})`
}
