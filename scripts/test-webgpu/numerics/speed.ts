/** Letters of questions with a common beginning: the app's reuse beside WebLLM as it comes, question by question in turns. */
import type { SelfTestReport } from '#core/numerics/types'
import { spread, spreadText } from '../../spread'
import type { Checks } from '../checks'
import type { NumericsOptions } from './options'
import { questionsOf } from './questions'
import { LETTERS, type OpenModel } from './setting'

/** Of the items per second of WebLLM as it comes. */
const BAR = { leastRatio: 1.6, questions: 30 }
const BLOCKS = 5

export async function runSpeed(
  checks: Checks,
  open: OpenModel,
  report: SelfTestReport,
  { questions: count, prefixTokens, questionTokens, seed }: NumericsOptions,
): Promise<void> {
  const questions = questionsOf(count, prefixTokens, questionTokens, seed)
  const app = await open()
  await app.call('checkNumbers', report)
  const stock = await open({ isStock: true })
  const times = { app: [] as number[], stock: [] as number[] }
  const fed: number[] = []
  for (const [at, messages] of questions.entries()) {
    const asks = {
      app: async () => {
        // A run's last answer is compared with a cold pass, which its time has to pay for.
        const reuse = { reusePrompt: true, compareReuse: at === count - 1 }
        const answer = await app.call('ask', { messages, maxTokens: 0, letters: LETTERS, ...reuse })
        fed.push(answer.reading?.tokensFed ?? NaN)
        times.app.push(answer.milliseconds)
      },
      stock: async () => void times.stock.push(await stock.call('askStock', messages)),
    }
    for (const side of at % 2 === 0 ? (['app', 'stock'] as const) : (['stock', 'app'] as const))
      await asks[side]()
    checks.progress(
      `question ${at + 1} of ${count}: ${fed.at(-1)} tokens fed; ` +
        `${(times.app.at(-1)! / 1000).toFixed(1)} s, stock ${(times.stock.at(-1)! / 1000).toFixed(1)} s; ` +
        `ratio so far ${ratio(times, 0, count).toFixed(2)}`,
    )
  }
  await app.close()
  await stock.close()
  const size = Math.ceil(count / BLOCKS)
  const blocks = Array.from({ length: Math.ceil(count / size) }, (_, block) =>
    ratio(times, block * size, (block + 1) * size),
  )
  const whole = ratio(times, 0, count)
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  const rate = (values: readonly number[]) => ((1000 * count) / total(values)).toFixed(3)
  checks.say('tokens fed', `${total(fed)}; stock ${count * (prefixTokens + questionTokens)}`)
  checks.say('items/s', `${rate(times.app)}; stock ${rate(times.stock)}`)
  const name = 'letters against stock WebLLM'
  const text =
    `${whole.toFixed(2)} times the items/s over ${count} questions (${prefixTokens} tokens shared, ${questionTokens} of their own); ` +
    `by blocks of ${size} ${spreadText(spread(blocks), 2)}`
  // The first three are read cold, in two pieces and twice; with fewer questions they weigh more.
  if (count < BAR.questions) checks.skip(name, `${text}; the bar is for ${BAR.questions} questions`)
  else checks.check(name, whole >= BAR.leastRatio, `${text}; at least ${BAR.leastRatio}`)
}

/** Of items per second, over the questions from `first` up to `end`. */
function ratio(times: Record<'app' | 'stock', readonly number[]>, first: number, end: number): number {
  const sum = (values: readonly number[]) => values.slice(first, end).reduce((all, value) => all + value, 0)
  return sum(times.stock) / sum(times.app)
}
