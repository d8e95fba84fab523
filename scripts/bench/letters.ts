/** A whole run of single forward passes in the app, every answer durable, against a bare loop over the same prompts. */
import type { Page } from 'playwright'
import { promptMessages } from '#core/prompt/messages'
import { optionLetter } from '#core/prompt/question'
import type { ChatMessage } from '#core/prompt/question'
import { PLAIN_REQUEST } from '#core/run/plan'
import type { Answer, RunPlan } from '#core/run/types'
import { spread, spreadText } from '../spread'
import { BUILT_IN, openEngines, type BenchGlobal } from './engine'
import type { BenchOptions, Row } from './report'

const ITEMS = 200
/** As src/worker/wllama-runtime.ts has it for a small model, so that only what the app does around the engine is measured. */
const AS_IN_THE_APP = {
  n_batch: 128,
  flash_attn: false,
  reasoning_format: 'none',
  skip_chat_parsing: true,
  log_level: 3,
}
const BARS = { ratio: 0.9, probability: 2e-3 }

interface Run {
  plan: RunPlan
  answers: Answer[]
  milliseconds: number
}

interface Question {
  messages: ChatMessage[]
  letters: string[]
}

/** App and bare loop take turns; the first round warms both up. */
export async function letterRows(page: Page, { rounds }: BenchOptions): Promise<Row[]> {
  await openEngines(page, AS_IN_THE_APP)
  const rates: Record<'app' | 'bare' | 'ratio', number[]> = { app: [], bare: [], ratio: [] }
  let furthest = 0
  let sameLetters = 0
  const inApp = () => page.evaluate(runInApp, [PLAIN_REQUEST, BUILT_IN, ITEMS] as const)
  const first = await inApp()
  const questions = first.answers.map(({ item }): Question => ({
    messages: promptMessages(item, first.plan.prompts.templates['letter-only'], []),
    letters: item.options.map((_, index) => optionLetter(index)),
  }))
  const inBare = () => page.evaluate(runBare, questions)
  await inBare()
  const items = first.answers.length
  for (let round = 0; round < rounds; round += 1) {
    // What disturbs one disturbs the other.
    const early = round % 2 === 0 ? await inBare() : null
    const run = await inApp()
    const bare = early ?? (await inBare())
    sameLetters = run.answers.filter(
      ({ forward }, at) => forward?.letter === likeliest(bare.probabilities[at] ?? []),
    ).length
    for (const [at, { forward }] of run.answers.entries())
      for (const [letter, value] of (forward?.probabilities ?? []).entries())
        furthest = Math.max(furthest, Math.abs(value - (bare.probabilities[at]?.[letter] ?? NaN)))
    rates.app.push((1000 * items) / run.milliseconds)
    rates.bare.push((1000 * items) / bare.milliseconds)
    rates.ratio.push(bare.milliseconds / run.milliseconds)
  }
  const ratio = spread(rates.ratio)
  return [
    {
      name: `a run of ${items} single forward passes in the app, items/s`,
      value: spreadText(spread(rates.app), 1),
    },
    { name: 'bare wllama in a loop, items/s', value: spreadText(spread(rates.bare), 1) },
    {
      name: `app / bare, at least ${BARS.ratio}`,
      value: spreadText(ratio, 3),
      passed: ratio.median >= BARS.ratio,
    },
    {
      name: 'same letters',
      value: `${sameLetters} of ${items}`,
      passed: sameLetters === items,
    },
    {
      name: `largest difference of a probability, at most ${BARS.probability}`,
      value: furthest.toExponential(1),
      passed: furthest <= BARS.probability,
    },
  ]
}

function likeliest(probabilities: readonly number[]): string | null {
  const most = Math.max(...probabilities)
  const best = probabilities.flatMap((value, at) => (value === most ? [at] : []))
  return best.length === 1 ? optionLetter(best[0]!) : null
}

/** In the page: from the start of the run to its end, when its last answer is on the disk. */
async function runInApp([plain, model, sampleSize]: readonly [
  typeof PLAIN_REQUEST,
  typeof BUILT_IN,
  number,
]): Promise<Run> {
  const { runs, datasets } = (globalThis as BenchGlobal).somnusStores
  const installed = await datasets.installBuiltIn()
  if (!installed.ok) throw new Error(JSON.stringify(installed.failure))
  const ended = await runs.start({
    ...plain,
    protocol: 'letters',
    dataset: installed.value,
    model: { recordId: model.modelId, variantId: model.variantId, name: 'Formulary', quantization: 'Q8_0' },
    selection: {
      ...{ languages: ['en', 'zh'], levels: [1, 2, 3, 'unlabelled'], sampleSize, seed: 1 },
      design: 'proportional',
    },
  })
  if (!ended.ok) throw new Error(JSON.stringify(ended.failure))
  const record = await runs.load(ended.value.id)
  const begun = record?.starts[0]?.at
  const end = record?.ended?.at
  if (!record || begun === undefined || end === undefined) throw new Error(JSON.stringify(ended.value.state))
  return { plan: record.plan, answers: record.answers, milliseconds: end - begun }
}

/** In the page. */
function runBare(questions: Question[]) {
  const { bare } = globalThis as BenchGlobal
  return bare<{ milliseconds: number; probabilities: number[][] }>('letters', { questions })
}
