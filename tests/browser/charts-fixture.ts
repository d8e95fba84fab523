import type { Answer } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import { seededRandom } from '../unit/score/answers'
import { makeRecord, summarise } from './results-fixture'

/**
 * A run of `count` items with everything that charts show: probabilities from a model that is too sure of itself,
 * long replies that are cut off, a device that slows down, a second session, and a stretch in the background.
 */
export function makeChartRecord(count: number): RunRecord {
  const record = makeRecord(count)
  const random = seededRandom(9)
  const answers = record.answers.map((answer, index): Answer => {
    const share = index / count
    const completionTokens = 30 + Math.floor(random() ** 3 * 2018)
    const cutOff = completionTokens > 1500 && random() < 0.7
    const tokensPerSecond = (share < 0.4 ? 24 : 24 - 14 * (share - 0.4)) * (0.85 + 0.3 * random())
    return {
      ...answer,
      completionTokens,
      finish: cutOff ? 'length' : 'stop',
      strictLetter: cutOff ? null : answer.officialLetter,
      strictReason: cutOff ? 'truncated' : null,
      decodeMs: ((completionTokens - 1) / tokensPerSecond) * 1000,
      hidden: share > 0.7 && share < 0.76,
      forward: forward(answer, random),
    }
  })
  const start = record.starts[0]
  const starts = start
    ? [start, { ...start, position: Math.floor(count * 0.62), at: start.at + 86_400_000 }]
    : []
  const plan = { ...record.plan, protocol: 'both' as const }
  return { ...record, plan, answers, starts, summary: summarise(plan, answers) }
}

function forward({ item }: Answer, random: () => number): Answer['forward'] {
  const options = item.options.length
  const confidence = 0.3 + 0.7 * random()
  const chosen = random() < 0.15 + 0.6 * confidence ? item.targetIndex : (item.targetIndex + 1) % options
  const rest = (1 - confidence) / (options - 1)
  return {
    probabilities: item.options.map((_, index) => (index === chosen ? confidence : rest)),
    letter: String.fromCharCode(65 + chosen),
    promptTokens: 210,
    elapsedMs: 180,
  }
}
