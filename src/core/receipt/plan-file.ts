/** The set-up of a split run as a file, for the machines that answer its other parts. */
import * as v from 'valibot'
import { datasetId } from '../dataset/fingerprint'
import type { Dataset } from '../dataset/item'
import type { PromptSetId } from '../prompt/prompt-set'
import { failure, success, type Result } from '../result'
import type { RunRequest } from '../run/plan'
import type { RunPlan, Shots } from '../run/types'
import { misfitOf, type Misfit } from './expected'
import { MAX_PARTS } from './limits'
import { Budget, DatasetName, Decoding, Model, Prompts, Protocol, Selection2 } from './plan-shape'
import { Count, Fraction, Hash, Line, Time } from './shapes'
import { StrategyShape } from '../strategy/shapes'

export const PLAN_FILE_FORMAT = 'somnus-plan'
export const PLAN_FILE_VERSION = 1
/** Of plans with a strategy: who does not know strategies must not answer a part with one reply a question. */
export const SAMPLED_PLAN_FILE_VERSION = 2

const Members = {
  format: v.literal(PLAN_FILE_FORMAT),
  createdAt: Time,
  app: Line,
  /** Of the weights, where the run that the file was made from had loaded them. */
  weightsSha256: v.nullable(Line),
  model: Model,
  dataset: DatasetName,
  selection: Selection2,
  protocol: Protocol,
  prompts: Prompts,
  promptSha256: Hash,
  rotationShare: Fraction,
  /** Without the examples themselves: each machine draws the same ones from the pool. */
  shots: v.nullable(v.object({ pool: DatasetName, count: Count })),
  decoding: Decoding,
  /** Who does not know it reads each prompt anew: slower, and the same but for what the device rounds. */
  reusePrompt: v.exactOptional(v.literal(true)),
  budget: Budget,
  of: v.pipe(Count, v.minValue(2), v.maxValue(MAX_PARTS)),
}

const Schema = v.variant('version', [
  v.object({ ...Members, version: v.literal(PLAN_FILE_VERSION) }),
  v.object({ ...Members, version: v.literal(SAMPLED_PLAN_FILE_VERSION), strategy: StrategyShape }),
])

export interface PlanFile extends Omit<
  v.InferOutput<ReturnType<typeof v.object<typeof Members, undefined>>>,
  'dataset' | 'prompts' | 'shots' | 'format'
> {
  strategy?: RunPlan['strategy']
  dataset: Pick<Dataset, 'id' | 'name' | 'itemsSha256'>
  prompts: RunPlan['prompts']
  shots: Omit<Shots, 'items'> | null
}

/** The file's text. */
export function planFileText(plan: RunPlan, weightsSha256: string | null, createdAt: number): string {
  const { appVersion, model, dataset, selection, protocol, prompts, promptSha256, rotationShare } = plan
  const { shots, decoding, strategy, reusePrompt, budget, split } = plan
  const named = ({ id, name, itemsSha256 }: PlanFile['dataset']) => ({ id, name, itemsSha256 })
  const file: v.InferInput<typeof Schema> = {
    format: PLAN_FILE_FORMAT,
    ...(strategy ? { version: SAMPLED_PLAN_FILE_VERSION, strategy } : { version: PLAN_FILE_VERSION }),
    createdAt,
    app: appVersion,
    weightsSha256,
    model,
    dataset: named(dataset),
    selection: { ...selection, languages: [...selection.languages], levels: [...selection.levels] },
    protocol,
    prompts,
    promptSha256,
    rotationShare,
    shots: shots && { pool: named(shots.pool), count: shots.count },
    decoding,
    ...(reusePrompt && { reusePrompt }),
    budget,
    of: split?.of ?? 2,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

export function readPlanFile(raw: unknown): Result<PlanFile, Misfit> {
  const parsed = v.safeParse(Schema, raw)
  if (!parsed.success) return failure(misfitOf(parsed.issues[0], ''))
  const { dataset, prompts, shots, ...file } = parsed.output
  const named = (name: { name: string; itemsSha256: string }): PlanFile['dataset'] => ({
    ...name,
    id: datasetId(name.itemsSha256),
  })
  return success({
    ...file,
    dataset: named(dataset),
    prompts: { ...prompts, id: prompts.id as PromptSetId },
    shots: shots && { count: shots.count, pool: named(shots.pool) },
  })
}

/** The request for one part. */
export function partRequest(
  file: PlanFile,
  part: number,
  here: { dataset: Dataset; model: RunPlan['model'] },
): RunRequest {
  return {
    model: here.model,
    dataset: here.dataset,
    selection: file.selection,
    protocol: file.protocol,
    prompts: file.prompts,
    rotationShare: file.rotationShare,
    shots: file.shots,
    decoding: file.decoding,
    ...(file.strategy && { strategy: file.strategy }),
    ...(file.reusePrompt && { reusePrompt: file.reusePrompt }),
    budget: file.budget,
    split: { part, of: file.of },
    questions: null,
    origin: { kind: 'own' },
  }
}
