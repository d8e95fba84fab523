/**
 * A run as a log that the viewer of Inspect AI (UK AI Security Institute) opens. Everything of the run that the format
 * has a place for is there; the receipt goes into the metadata. Rotated questions are left out: they belong to no
 * accuracy, and the format knows no samples without one.
 */
import type { RunPlan } from '../../run/types'
import { scoringsOf, type Scoring } from '../../score/verdict'
import { inOrderAsked, type ExportableRun } from '../exportable-run'
import { receiptFacts } from '../receipt'
import type { ExportOptions } from '../run-export'
import type {
  InspectGenerateConfig,
  InspectLog,
  InspectScoreSummary,
  InspectSpec,
  InspectStep,
  InspectUsage,
} from './log-types'
import { inspectSample, sampleId, sampleUsage } from './sample'

/** The log in pieces of one sample. Inspect reads headers without samples, so those come last. */
export function* inspectLogParts(
  run: ExportableRun,
  { includeQuestions }: ExportOptions,
  sha256: (text: string) => string,
): Generator<string> {
  const { plan, flags, answers } = run
  const spec = inspectSpec(run)
  const header: Omit<InspectLog, 'samples'> = {
    version: 2,
    status: statusOf(run),
    eval: spec,
    plan: { name: 'plan', steps: steps(plan), config: generateConfig(plan) },
    results: results(run),
    stats: stats(run),
    invalidated: false,
    tags: spec.tags,
    metadata: spec.metadata,
  }
  yield `${JSON.stringify(header).slice(0, -1)},"samples":[`
  const samples = (plan.strategy && run.samples) ?? null
  const context = { plan, model: modelName(run), includeQuestions, flags, samples, sha256 }
  for (const [index, answer] of answers.entries()) {
    yield (index === 0 ? '\n' : ',\n') + JSON.stringify(inspectSample(answer, context))
  }
  yield '\n]}\n'
}

/**
 * "2026-11-21T09-00-00+00-00_demo_run-1.json": Inspect lists only logs whose names begin with a time, and takes task
 * and id from the rest.
 */
export function inspectFileName({ createdAt, dataset, id }: RunPlan): string {
  const time = new Date(createdAt).toISOString().slice(0, 19).replaceAll(':', '-')
  const word = (text: string) => text.replace(/[^\p{L}\p{N}-]+/gu, '-').slice(0, 40)
  return `${time}+00-00_${word(dataset.name)}_${word(id)}.json`
}

/** A run that ended as planned is a success; any other ended before, and the format knows no pauses. */
function statusOf({ ended }: ExportableRun): InspectLog['status'] {
  const asPlanned = ended !== null && ['finished', 'minutes', 'precision'].includes(ended.reason)
  return asPlanned ? 'success' : 'cancelled'
}

/** "provider/model", as Inspect names models. */
function modelName({ plan, starts }: ExportableRun): string {
  const { name, quantization } = plan.model
  return `${starts[0]?.engine.engine ?? 'somnus'}/${name} ${quantization}`
}

function inspectSpec(run: ExportableRun): InspectSpec {
  const { plan, starts, answers, rotated, ended } = run
  const engine = starts[0]?.engine
  const args = {
    protocol: plan.protocol,
    prompts: plan.prompts.name,
    shots: plan.shots?.count ?? 0,
    design: plan.selection.design,
    languages: plan.selection.languages,
    levels: plan.selection.levels,
    budget: plan.budget,
    split: plan.split,
    ...(plan.strategy && { strategy: plan.strategy }),
  }
  return {
    eval_id: plan.id,
    run_id: plan.id,
    created: new Date(plan.createdAt).toISOString(),
    task: plan.dataset.name,
    task_id: plan.id,
    task_version: plan.prompts.version,
    task_display_name: plan.name,
    task_attribs: {},
    task_args: args,
    task_args_passed: args,
    solver: steps(plan).at(-1)?.solver ?? 'generate',
    tags: ['somnus'],
    dataset: {
      name: plan.dataset.name,
      samples: plan.strata.reduce((sum, { population }) => sum + population, 0),
      sample_ids: answers.map(sampleId),
      shuffled: true,
    },
    model: modelName(run),
    model_generate_config: generateConfig(plan),
    model_args: {
      weights_sha256: engine?.fingerprint ?? null,
      library_sha256: engine?.librarySha256 ?? null,
      tokenizer_sha256: engine?.tokenizerSha256 ?? null,
      device: engine?.device ?? null,
      context_tokens: engine?.contextTokens ?? null,
      ...(engine?.numerics && { numerics: engine.numerics }),
    },
    config: {
      limit: plan.rotations.filter((rotation) => rotation === 0).length,
      epochs: 1,
      sample_shuffle: plan.selection.seed,
    },
    packages: {
      somnus: plan.appVersion,
      ...(engine && { [engine.engine]: engine.engineVersion }),
    },
    metadata: {
      receipt: receiptFacts(plan, run, inOrderAsked(run)),
      ended: ended?.reason ?? null,
      rotated_questions_left_out: rotated.length,
    },
    scorers: scoringsOf(plan.protocol).map((name) => ({
      name,
      metrics: [{ name: 'accuracy' }, { name: 'stderr' }],
    })),
  }
}

function steps({ protocol, prompts, strategy }: RunPlan): InspectStep[] {
  const prompt = (kind: keyof typeof prompts.templates): InspectStep => ({
    solver: 'prompt',
    ...stepParams({ kind, name: prompts.name, version: prompts.version, ...prompts.templates[kind] }),
  })
  const generate: InspectStep[] = [prompt('chain-of-thought'), { solver: 'generate', ...stepParams({}) }]
  const score: InspectStep[] = [prompt('letter-only'), { solver: 'score_letters', ...stepParams({}) }]
  const choose: InspectStep[] = strategy ? [{ solver: strategy.kind, ...stepParams({ ...strategy }) }] : []
  return [...(protocol === 'letters' ? [] : generate), ...choose, ...(protocol === 'generate' ? [] : score)]
}

function stepParams(params: InspectStep['params']): Pick<InspectStep, 'params' | 'params_passed'> {
  return { params, params_passed: params }
}

function generateConfig({ decoding, strategy }: RunPlan): InspectGenerateConfig {
  const { maxTokens, temperature, topP, seed } = decoding
  return {
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    seed,
    ...(strategy && { num_choices: strategy.samples }),
  }
}

function results(run: ExportableRun): InspectLog['results'] {
  const { plan, answers, tables } = run
  const notAsked = answers.filter(({ failure }) => failure !== null).length
  return {
    total_samples: answers.length,
    completed_samples: answers.length - notAsked,
    scores: scoringsOf(plan.protocol).map((scoring) => scoreSummary(scoring, run)),
    metadata: {
      design: plan.selection.design,
      weighted: false,
      random_choice: tables.accuracy.total.randomFloor,
    },
  }
}

/** The standard error is the one that Inspect computes: of the mean of n values, with n - 1; 0 for fewer than two. */
function scoreSummary(scoring: Scoring, { tables, answers }: ExportableRun): InspectScoreSummary {
  const { n, correct, accuracy, interval, unparsed } = tables.accuracy.total[scoring]
  const share = accuracy ?? 0
  const stderr = n < 2 ? 0 : Math.sqrt((share * (1 - share)) / (n - 1))
  return {
    name: scoring,
    scorer: scoring,
    scored_samples: answers.length,
    unscored_samples: 0,
    params: {},
    metrics: {
      accuracy: { name: 'accuracy', value: share, params: {} },
      stderr: { name: 'stderr', value: stderr, params: {} },
    },
    metadata: { correct, no_answer: unparsed, wilson_95: [interval.lower, interval.upper] },
  }
}

function stats(run: ExportableRun): InspectLog['stats'] {
  const { starts, ended, answers } = run
  const usage: InspectUsage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
  for (const answer of answers) {
    const one = sampleUsage(answer)
    usage.input_tokens += one.input_tokens
    usage.output_tokens += one.output_tokens
    usage.total_tokens += one.total_tokens
  }
  const time = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString())
  return {
    started_at: time(starts[0]?.at),
    completed_at: time(ended?.at ?? answers.at(-1)?.answeredAt),
    model_usage: { [modelName(run)]: usage },
    role_usage: {},
    connection_limit_history: [],
  }
}
