/**
 * A whole evaluation without a user: import a file, load a model, answer a sample, report. It goes through the
 * same stores as the pages do. `scripts/evaluate.ts` calls it in a headless browser.
 */
import { variantsOf } from '#core/catalog'
import type { EngineDescription } from '#core/engine'
import type { Dataset } from '#core/dataset/item'
import { failure, success, type Result } from '#core/result'
import { runExport, type RunExport } from '#core/export/run-export'
import { PLAIN_REQUEST } from '#core/run/plan'
import type { RunSummary } from '#core/run/summary'
import { OFFICIAL_DECODING, type Protocol, type RunPlan } from '#core/run/types'
import { accuracyTable, type AccuracyTable, type Score } from '#core/score/accuracy-table'
import { scoringsOf, type Scoring } from '#core/score/verdict'
import { replySummary } from '#core/score/replies'
import { createExportHashing } from './export-hashing'
import { inSteps } from './slices'
import type { Stores } from './stores'

export interface EvaluationRequest {
  /** A model of models.json, or one variant of it as "model/variant". */
  model: string
  file: File
  /** Items in the stratified sample; null asks all. */
  limit: number | null
  seed: number
  maxTokens: number
  protocol: Protocol
}

export type EvaluationStage =
  | { kind: 'importing' }
  | { kind: 'loading-model'; loadedBytes: number; totalBytes: number }
  | { kind: 'answering'; answered: number; total: number }

export interface ReportedScore {
  n: number
  correct: number
  accuracy: number | null
  wilson95: [lower: number, upper: number]
  unparsed: number
}

export interface ReportedScoring extends ReportedScore {
  byLevel: Record<string, ReportedScore>
}

/** The line that `npm run evaluate` prints. Fractions are 0 to 1; hashes are SHA-256 in hex. */
export interface EvaluationReport {
  model: RunPlan['model'] & Pick<EngineDescription, 'engine' | 'engineVersion' | 'device' | 'fingerprint'>
  dataset: { name: string; sha256: string; itemsSha256: string; rowProblems: number }
  prompt: { version: string; sha256: string }
  app: string
  seed: number
  items: number
  protocol: Protocol
  /** By scoring; those that the protocol does not have are left out. */
  official?: ReportedScoring
  strict?: ReportedScoring
  forward?: ReportedScoring
  wallSeconds: number
  tokensPerSecond: number | null
}

export interface Evaluation {
  report: EvaluationReport
  run: RunExport
}

/** A problem's `kind` and details, for a log. */
export type EvaluationFailure = { kind: string } & Record<string, unknown>

/** Runs the evaluation to its end; fails with the reason as soon as it cannot go on. */
export async function evaluate(
  stores: Stores,
  request: EvaluationRequest,
  onStage: (stage: EvaluationStage) => void,
): Promise<Result<Evaluation, EvaluationFailure>> {
  const { models, runs } = stores
  await models.restore()
  const model = chooseModel(stores, request.model)
  if (!model) return failure({ kind: 'model-unknown', model: request.model })
  onStage({ kind: 'importing' })
  const dataset = await importFile(stores, request.file)
  if (!dataset.ok) return dataset

  const started = performance.now()
  const timer = setInterval(() => {
    const stage = stageOf(stores)
    if (stage) onStage(stage)
    // There is nobody to ask: who starts an evaluation wants the engine.
    if (stores.engine.state.kind === 'elsewhere') void stores.engine.useHere()
  }, 1000)
  const ended = await runs.start({
    ...PLAIN_REQUEST,
    model,
    dataset: dataset.value,
    selection: {
      languages: ['en', 'zh'],
      levels: [1, 2, 3, 'unlabelled'],
      sampleSize: request.limit,
      seed: request.seed,
      design: 'proportional',
    },
    protocol: request.protocol,
    decoding: { ...OFFICIAL_DECODING, maxTokens: request.maxTokens },
  })
  clearInterval(timer)
  const wallSeconds = (performance.now() - started) / 1000
  if (!ended.ok) return failure({ ...ended.failure })
  if (ended.value.state.kind !== 'finished') return failure({ ...ended.value.state })
  return report(stores, ended.value, dataset.value, wallSeconds)
}

function chooseModel({ models }: Stores, name: string): RunPlan['model'] | null {
  // The id of a model of the user's has slashes itself.
  const isModel = models.records.some(({ id }) => id === name)
  const at = isModel ? -1 : name.lastIndexOf('/')
  const [modelId, variantId] = at < 0 ? [name] : [name.slice(0, at), name.slice(at + 1)]
  const record = models.records.find(({ id }) => id === modelId)
  const variant =
    variantId !== undefined
      ? record && variantsOf(record).find(({ id }) => id === variantId)
      : // Not the variant used last: what an evaluation measures must not hang on the ones before.
        record && models.choices(record).find(({ verdict }) => verdict.kind !== 'cannot')?.variant
  if (!record || !variant) return null
  return {
    recordId: record.id,
    variantId: variant.id,
    name: record.name,
    quantization: variant.quantization,
  }
}

/** Good rows are stored even if others are not: the report says how many rows were left out. */
async function importFile({ datasets }: Stores, file: File): Promise<Result<Dataset, EvaluationFailure>> {
  await datasets.chooseFiles([file])
  if (datasets.importState.kind === 'review') await datasets.confirm()
  const state = datasets.importState
  await datasets.cancel()
  return state.kind === 'done' ? success(state.dataset) : failure({ ...state })
}

function stageOf({ engine, models, runs }: Stores): EvaluationStage | null {
  const { state } = engine
  const downloading = models.awaitedJob?.progress
  const progress = downloading ?? (state.kind === 'loading' ? state.progress : undefined)
  if (progress?.kind === 'downloading') {
    const { loadedBytes, totalBytes } = progress
    return { kind: 'loading-model', loadedBytes, totalBytes }
  }
  if (downloading || state.kind === 'loading') return null
  const running = runs.active && runs.summary(runs.active.id)
  return running ? { kind: 'answering', answered: running.answered, total: running.total } : null
}

async function report(
  { runs }: Stores,
  summary: RunSummary,
  dataset: Dataset,
  wallSeconds: number,
): Promise<Result<Evaluation, EvaluationFailure>> {
  const record = await runs.load(summary.id)
  const engine = record?.starts[0]?.engine
  if (!record || !engine) return failure({ kind: 'run-missing' })
  const { plan, answers } = record
  const accuracy = accuracyTable(answers)
  const replies = replySummary(answers)
  const run = await inSteps(
    runExport(
      { ...record, state: summary.state, tables: { accuracy, replies }, flags: summary.flags },
      { includeQuestions: false },
      Date.now(),
      await createExportHashing(),
    ),
  )
  return success({
    run,
    report: {
      model: {
        ...plan.model,
        engine: engine.engine,
        engineVersion: engine.engineVersion,
        device: engine.device,
        fingerprint: engine.fingerprint,
      },
      dataset: {
        name: dataset.name,
        sha256: dataset.sha256,
        itemsSha256: dataset.itemsSha256,
        rowProblems: dataset.problemCount,
      },
      prompt: { version: plan.prompts.version, sha256: plan.promptSha256 },
      app: plan.appVersion,
      seed: plan.selection.seed,
      items: answers.length,
      protocol: plan.protocol,
      ...Object.fromEntries(
        scoringsOf(plan.protocol).map((scoring) => [scoring, reportedScoring(accuracy, scoring)]),
      ),
      wallSeconds,
      tokensPerSecond: replies.tokensPerSecond,
    },
  })
}

function reportedScoring(table: AccuracyTable, scoring: Scoring): ReportedScoring {
  return {
    ...reportedScore(table.total[scoring]),
    byLevel: Object.fromEntries(
      table.byLevel.map(({ level, group }) => [level, reportedScore(group[scoring])]),
    ),
  }
}

function reportedScore({ n, correct, accuracy, interval, unparsed }: Score): ReportedScore {
  return { n, correct, accuracy, wilson95: [interval.lower, interval.upper], unparsed }
}
