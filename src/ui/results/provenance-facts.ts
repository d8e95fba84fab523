import { numbersText } from '#app/numbers-text'
import type { RunHistory } from '#core/run/history'
import type { RunSummary } from '#core/run/summary'
import type { RunPlan } from '#core/run/types'
import type { Locale } from '#i18n/locale.svelte'
import { endText, interruptionTexts } from './history-text'
import { distinct, originText, selectionText } from './plan-text'
import { strategyFacts } from './strategy-text'

export interface MeasuredRun extends RunHistory {
  plan: RunPlan
  summary: RunSummary
}

/** One line of "how this was measured"; several values where the run went on under other conditions. */
export interface ProvenanceFact {
  label: string
  values: string[]
  mono?: boolean
}

export interface ProvenanceGroup {
  title: string
  facts: ProvenanceFact[]
}

/** Everything that another laboratory needs to repeat the run, in the interface's language. */
export function provenanceGroups(run: MeasuredRun, locale: Locale): ProvenanceGroup[] {
  const { groups } = locale.t.receipt
  return [
    { title: groups.model, facts: modelFacts(run, locale) },
    { title: groups.questions, facts: questionFacts(run, locale) },
    { title: groups.method, facts: methodFacts(run, locale) },
    { title: groups.run, facts: runFacts(run, locale) },
  ]
}

/** The same as lines of text, to be copied. */
export function provenanceText(groups: readonly ProvenanceGroup[], locale: Locale): string {
  return groups
    .map(({ title, facts }) =>
      [title, ...facts.map(({ label, values }) => label + locale.colon + values.join(locale.semicolon))].join(
        '\n',
      ),
    )
    .join('\n\n')
}

function modelFacts({ plan, summary, starts }: MeasuredRun, locale: Locale): ProvenanceFact[] {
  const labels = locale.t.results.provenance
  const { facts } = locale.t.receipt
  const { engines } = summary
  const started = (values: readonly string[]) =>
    values.length === 0 ? [labels.notStarted] : distinct(values)
  return [
    { label: labels.model, values: [plan.model.name] },
    { label: labels.quantization, values: [plan.model.quantization] },
    { label: labels.weights, values: started(engines.map((engine) => engine.fingerprint)), mono: true },
    {
      label: facts.library,
      values: started(engines.map((engine) => engine.librarySha256 ?? facts.unknown)),
      mono: true,
    },
    {
      label: facts.tokenizer,
      values: started(
        engines.map(
          ({ engine, tokenizerSha256 }) =>
            tokenizerSha256 ?? (engine === 'wllama' ? facts.inWeights : facts.unknown),
        ),
      ),
      mono: engines.some(({ tokenizerSha256 }) => tokenizerSha256 !== null),
    },
    {
      label: labels.engine,
      values: started(engines.map(({ engine, engineVersion }) => `${engine} ${engineVersion}`)),
    },
    { label: labels.device, values: started(engines.map((engine) => engine.device)) },
    ...numbersFacts(starts, locale),
    {
      label: labels.context,
      values: started(engines.map((engine) => labels.contextTokens(locale.number(engine.contextTokens)))),
    },
    { label: labels.browser, values: started(starts.map((start) => start.userAgent)) },
  ]
}

/** Of engines on a graphics unit only. */
function numbersFacts(starts: MeasuredRun['starts'], locale: Locale): ProvenanceFact[] {
  const { fact, kernel, kernels } = locale.t.numerics
  const engines = starts.map(({ engine }) => engine).filter(({ engine }) => engine === 'webllm')
  const barriers = engines.flatMap(({ numerics }) => (numerics ? [kernels[numerics.mergeBarrier]] : []))
  if (engines.length === 0) return []
  return [
    { label: fact, values: distinct(engines.map((engine) => numbersText(engine, locale))) },
    ...(barriers.length === 0 ? [] : [{ label: kernel, values: distinct(barriers) }]),
  ]
}

function questionFacts({ plan }: MeasuredRun, locale: Locale): ProvenanceFact[] {
  const labels = locale.t.results.provenance
  const { facts } = locale.t.receipt
  const { dataset, selection, askedSha256, split } = plan
  return [
    { label: labels.dataset, values: [dataset.name] },
    { label: labels.source, values: [dataset.sha256], mono: true },
    { label: labels.items, values: [dataset.itemsSha256], mono: true },
    { label: facts.asked, values: [askedSha256 ?? facts.unknown], mono: askedSha256 !== null },
    { label: labels.selection, values: [selectionText(plan, locale)] },
    { label: locale.t.protocol.design, values: [locale.t.protocol.designs[selection.design]] },
    { label: labels.sampleSeed, values: [String(selection.seed)] },
    {
      label: facts.part,
      values: [split ? facts.partValue(locale.number(split.part), locale.number(split.of)) : facts.whole],
    },
  ]
}

function methodFacts({ plan }: MeasuredRun, locale: Locale): ProvenanceFact[] {
  const labels = locale.t.results.provenance
  const { facts } = locale.t.receipt
  const { decoding, prompts, shots, budget, rotationShare, strategy, reusePrompt } = plan
  const limits = [
    ...(budget.minutes === null ? [] : [facts.minutesLimit(locale.number(budget.minutes, 1))]),
    ...(budget.halfWidth === null ? [] : [facts.widthLimit(locale.number(budget.halfWidth * 100, 1))]),
  ]
  return [
    { label: facts.protocol, values: [labels.protocols[plan.protocol]] },
    ...(strategy ? [{ label: locale.t.strategies.form.title, values: strategyFacts(strategy, locale) }] : []),
    { label: labels.prompt, values: [`${prompts.name} (${prompts.version})`] },
    { label: labels.promptHash, values: [plan.promptSha256], mono: true },
    {
      label: facts.examples,
      values: [shots ? facts.examplesValue(locale.number(shots.count), shots.pool.name) : facts.none],
    },
    {
      label: facts.rotation,
      values: [rotationShare === 0 ? facts.none : facts.rotationValue(locale.percent(rotationShare, 0))],
    },
    {
      label: labels.decoding,
      values: [
        labels.decodingValue(
          locale.number(decoding.temperature, 2),
          locale.number(decoding.topP, 2),
          locale.number(decoding.maxTokens),
        ),
      ],
    },
    { label: labels.decodingSeed, values: [String(decoding.seed)] },
    { label: locale.t.reuse.fact, values: [locale.t.reuse.facts[reusePrompt ? 'reused' : 'anew']] },
    { label: facts.limits, values: limits.length === 0 ? [facts.none] : limits },
  ]
}

function runFacts(run: MeasuredRun, locale: Locale): ProvenanceFact[] {
  const labels = locale.t.results.provenance
  const { facts } = locale.t.receipt
  const { plan, interruptions } = run
  return [
    { label: labels.app, values: [plan.appVersion] },
    { label: facts.origin, values: [originText(plan.origin, locale)] },
    { label: labels.created, values: [locale.dateTime(plan.createdAt)] },
    { label: facts.ended, values: [endText(run, locale)] },
    {
      label: labels.interruptions,
      values:
        interruptions.length === 0 ? [labels.noInterruptions] : interruptionTexts(interruptions, locale),
    },
    { label: labels.runId, values: [plan.id], mono: true },
  ]
}
