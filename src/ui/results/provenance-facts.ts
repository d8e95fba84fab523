import type { RunSummary } from '#core/run/summary'
import type { RunPlan } from '#core/run/types'
import type { RunStart } from '#core/run/history'
import type { Locale } from '#i18n/locale.svelte'

export interface MeasuredRun {
  plan: RunPlan
  summary: RunSummary
  starts: readonly Pick<RunStart, 'position' | 'userAgent'>[]
}

/** One line of "how this was measured"; several values where the run went on under other conditions. */
export interface ProvenanceFact {
  label: string
  values: string[]
  mono?: boolean
}

/** Everything that another laboratory needs to repeat the run, in the interface's language. */
export function provenanceFacts({ plan, summary, starts }: MeasuredRun, locale: Locale): ProvenanceFact[] {
  const labels = locale.t.results.provenance
  const { engines } = summary
  const { decoding } = plan
  const distinct = (values: readonly string[]) =>
    values.length === 0 ? [labels.notStarted] : [...new Set(values)]
  return [
    { label: labels.model, values: [plan.model.name] },
    { label: labels.quantization, values: [plan.model.quantization] },
    { label: labels.weights, values: distinct(engines.map((engine) => engine.fingerprint)), mono: true },
    {
      label: labels.engine,
      values: distinct(engines.map(({ engine, engineVersion }) => `${engine} ${engineVersion}`)),
    },
    { label: labels.device, values: distinct(engines.map((engine) => engine.device)) },
    {
      label: labels.context,
      values: distinct(engines.map((engine) => labels.contextTokens(locale.number(engine.contextTokens)))),
    },
    { label: labels.browser, values: distinct(starts.map((start) => start.userAgent)) },
    { label: labels.dataset, values: [plan.dataset.name] },
    { label: labels.source, values: [plan.dataset.sha256], mono: true },
    { label: labels.items, values: [plan.dataset.itemsSha256], mono: true },
    { label: labels.selection, values: [selectionText(plan, locale)] },
    { label: labels.sampleSeed, values: [String(plan.selection.seed)] },
    {
      label: labels.prompt,
      values: [`${plan.prompts.name} (${plan.prompts.version}) · ${labels.protocols[plan.protocol]}`],
    },
    { label: labels.promptHash, values: [plan.promptSha256], mono: true },
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
    { label: labels.app, values: [plan.appVersion] },
    { label: labels.created, values: [locale.dateTime(plan.createdAt)] },
    { label: labels.updated, values: [locale.dateTime(summary.updatedAt)] },
    { label: labels.interruptions, values: [interruptionsText(starts.slice(1), locale)] },
    { label: labels.runId, values: [plan.id], mono: true },
  ]
}

function selectionText({ selection }: RunPlan, locale: Locale): string {
  const texts = locale.t.results
  const size =
    selection.sampleSize === null
      ? texts.provenance.selectionAll
      : texts.provenance.selectionSample(locale.number(selection.sampleSize))
  const languages = selection.languages.map((language) => texts.languages[language])
  const levels = selection.levels.map((level) => texts.levelNames[level])
  return [languages.join(', '), levels.join(', '), size].join(' · ')
}

function interruptionsText(resumptions: MeasuredRun['starts'], locale: Locale): string {
  const labels = locale.t.results.provenance
  if (resumptions.length === 0) return labels.noInterruptions
  const questions = resumptions.map((start) => locale.number(start.position + 1)).join(', ')
  return `${locale.number(resumptions.length)} · ${labels.resumedAt(questions)}`
}
