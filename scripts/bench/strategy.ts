/** Self-consistency by the built-in model in the app: what it gains on one sample, and what stopping early saves. */
import type { Page } from 'playwright'
import { PLAIN_REQUEST } from '#core/run/plan'
import type { DrawnSample } from '#core/run/samples'
import type { Reading } from '#core/run/sampling'
import type { Answer } from '#core/run/types'
import { keyedLetter } from '#core/score/verdict'
import type { Interval } from '#core/score/wilson'
import { finish } from '#core/steps'
import { compareSelectors } from '#core/strategy/evaluate'
import { sampledItem } from '#core/strategy/sampled-item'
import type { SelectorResult } from '#core/strategy/selector-result'
import { BUILT_IN, type BenchGlobal } from './engine'
import type { BenchOptions, Row } from './report'

const SAMPLES = 16
const BARS = { saved: 0.3, level: 0.05 }

interface Sampled {
  answers: Answer[]
  /** By position in the run. */
  samples: DrawnSample[][]
  milliseconds: number
}

/** The same questions twice with the same seeds: once with all samples drawn, once stopping early. */
export async function strategyRows(page: Page, { questions }: BenchOptions): Promise<Row[]> {
  const draw = (stopsEarly: boolean) =>
    page.evaluate(sampleInApp, [PLAIN_REQUEST, BUILT_IN, questions, SAMPLES, stopsEarly] as const)
  const whole = await draw(false)
  const early = await draw(true)
  return [
    ...stoppingRows(whole, early),
    ...(['official', 'strict'] as const).flatMap((reading) => gainRows(whole, reading)),
  ]
}

/** Both runs drew the same samples as far as the second one went, and chose the same letters. */
function stoppingRows(whole: Sampled, early: Sampled): Row[] {
  const n = whole.answers.length
  const alike = whole.answers.filter(
    (answer, at) =>
      answer.officialLetter === early.answers[at]?.officialLetter &&
      answer.strictLetter === early.answers[at]?.strictLetter,
  )
  const repeated = early.samples.flatMap((samples, at) =>
    samples.map(({ reply }, index) => reply === whole.samples[at]?.[index]?.reply),
  )
  const taken = early.samples.flat().length
  const saved = 1 - taken / (n * SAMPLES)
  return [
    {
      name: `${SAMPLES} samples at temperature 1 for each of ${n} questions`,
      value: `${seconds(whole)}; ${seconds(early)} when stopping early`,
    },
    {
      name: 'the same letters when stopping early, by both readings',
      value: `${alike.length} of ${n}`,
      passed: n > 0 && alike.length === n && early.answers.length === n,
    },
    {
      name: 'the same replies from the same seeds',
      value: `${repeated.filter(Boolean).length} of ${repeated.length}`,
      passed: repeated.every(Boolean),
    },
    {
      name: `samples saved by stopping early, at least ${percent(BARS.saved)}`,
      value: `${percent(saved)} (${taken} of ${n * SAMPLES} drawn)`,
      passed: saved >= BARS.saved,
    },
  ]
}

/** Not worse than one sample: the paired test does not find that one sample is right more often. */
function gainRows(whole: Sampled, reading: Reading): Row[] {
  const items = whole.answers.map((answer, at) =>
    sampledItem(keyedLetter(answer), { samples: whole.samples[at] ?? [], later: [] }, reading, null),
  )
  const { selectors, oneSample } = finish(compareSelectors(items, SAMPLES))
  const single = selectors.find(({ strategy }) => strategy.kind === 'single')
  const majority = selectors.find(({ strategy }) => strategy.kind === 'self-consistency')
  if (!single || !majority?.against) throw new Error('Nothing was answered')
  const { difference, interval, test, onlySelector, onlySingle } = majority.against
  return [
    { name: `${reading} letters: one sample, the first`, value: accuracyText(single) },
    {
      name: `${reading} letters: one sample, the mean of all`,
      value: `${percent(oneSample.accuracy ?? 0)}${oneSample.interval ? ` (95% ${rangeText(oneSample.interval)})` : ''}`,
    },
    { name: `${reading} letters: self-consistency`, value: accuracyText(majority) },
    {
      name: `${reading} letters: gain on the first sample, not below 0 by the paired test`,
      value: `${points(difference)} points (95% ${points(interval.lower)} to ${points(interval.upper)}; only it ${onlySelector}, only the first ${onlySingle}; exact McNemar p = ${test.exact.toPrecision(2)})`,
      passed: difference >= 0 || test.exact >= BARS.level,
    },
  ]
}

function seconds({ milliseconds }: Sampled): string {
  return `${(milliseconds / 1000).toFixed(0)} s`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

function points(difference: number): string {
  return (100 * difference).toFixed(1)
}

function accuracyText({ correct, n, accuracy, interval, unparsed }: SelectorResult): string {
  return `${percent(accuracy ?? 0)} (${correct} of ${n}, 95% ${rangeText(interval)}; ${unparsed} without a letter)`
}

function rangeText({ lower, upper }: Interval): string {
  return `${percent(lower)} to ${percent(upper)}`
}

/** In the page: a run from its start to its end. */
async function sampleInApp([plain, model, sampleSize, samples, stopsEarly]: readonly [
  typeof PLAIN_REQUEST,
  typeof BUILT_IN,
  number,
  number,
  boolean,
]): Promise<Sampled> {
  const { runs, datasets, models } = (globalThis as BenchGlobal).somnusStores
  const loaded = await models.load(model)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure))
  const installed = await datasets.installBuiltIn()
  if (!installed.ok) throw new Error(JSON.stringify(installed.failure))
  const ended = await runs.start({
    ...plain,
    decoding: { temperature: 1, topP: 1, maxTokens: 200, seed: 1 },
    strategy: { kind: 'self-consistency', samples, stopsEarly },
    dataset: installed.value,
    model: { recordId: model.modelId, variantId: model.variantId, name: 'Formulary', quantization: 'Q8_0' },
    selection: {
      ...{ languages: ['en', 'zh'], levels: [1, 2, 3, 'unlabelled'], sampleSize, seed: 1 },
      design: 'proportional',
    },
  })
  if (!ended.ok) throw new Error(JSON.stringify(ended.failure))
  const { id } = ended.value
  const record = await runs.load(id)
  const [begun, end] = [record?.starts[0]?.at, record?.ended?.at]
  if (!record || begun === undefined || end === undefined) throw new Error(JSON.stringify(ended.value.state))
  const drawn = await runs.allSamples(id)
  return {
    answers: record.answers,
    samples: record.answers.map(({ position }) => drawn.get(position)?.samples ?? []),
    milliseconds: end - begun,
  }
}
