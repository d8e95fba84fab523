/** A short calibration: a few questions asked as a run would ask them, with nothing stored but their times. */
import type { EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import { failure, success, type Result } from '#core/result'
import { drawQuestions, type DrawFailure } from '#core/run/draw'
import { paceOf, paceOfStrategy, type Pace } from '#core/run/pace'
import { makeRunPlan, type RunRequest } from '#core/run/plan'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import type { ItemSource } from '#core/run/shots'
import type { Item } from '#core/dataset/item'
import { askBySampling } from './ask-by-sampling'
import { askQuestion, type AskPorts } from './ask-question'
import type { RunDatasets, RunModels } from './run-ports'

/** The first question pays for what happens once, such as compiling shaders: it is asked and not counted. */
const WARM_UP_ITEMS = 1
/** Replies differ in length; five tell the mean to about a quarter, for the patience that they take. */
export const TIMED_ITEMS = 5
export const CALIBRATION_ITEMS = WARM_UP_ITEMS + TIMED_ITEMS

export interface PacePorts {
  datasets: Pick<RunDatasets, 'itemMetas' | 'items'>
  models: Pick<RunModels, 'ensureLoaded' | 'loaded'>
  engine: AskPorts['engine']
  now: () => number
}

export type PaceFailure = DrawFailure | EngineFailure | { kind: 'model-unknown' }

/** Loads the model if need be and asks the questions; `onAsked` tells how many were answered. */
export async function measurePace(
  request: RunRequest,
  ports: PacePorts,
  onAsked: (count: number) => void,
  signal: AbortSignal,
): Promise<Result<Pace, PaceFailure>> {
  const loaded = await ports.models.ensureLoaded(request.model, signal)
  if (!loaded.ok) return loaded
  const few = fewQuestions(request)
  const source = await sourceOf(request.dataset.id, ports)
  const { shots } = request
  const drawn = await drawQuestions(few, source, shots && (await sourceOf(shots.pool.id, ports)))
  if (!drawn.ok) return drawn
  const plan = makeRunPlan(few, drawn.value, {
    id: 'pace' as RunId,
    at: ports.now(),
    appVersion: '',
    promptSha256: '',
    askedSha256: '',
  })
  const answers: Answer[] = []
  const items = await source.items(plan.itemIndexes)
  onAsked(0)
  for (const [position, item] of items.entries()) {
    const answer = await ask(plan, position, item, loaded.value, ports, signal)
    if (!answer.ok) return answer
    if (signal.aborted) return failure({ kind: 'aborted' })
    answers.push(answer.value)
    onAsked(answers.length)
  }
  const asked = answers.filter((answer) => answer.failure === null)
  const pace = paceOf(asked.length > WARM_UP_ITEMS ? asked.slice(WARM_UP_ITEMS) : asked)
  if (!pace) return failure(answers[0]?.failure ?? { kind: 'no-items' })
  return success(request.strategy ? paceOfStrategy(pace, request.strategy) : pace)
}

/** Of a strategy one sample is drawn and scored: who plans a night of sampling does not wait an hour for its length. */
async function ask(
  plan: RunPlan,
  position: number,
  item: Item,
  engine: EngineDescription,
  ports: PacePorts,
  signal: AbortSignal,
): Promise<EngineResult<Answer>> {
  if (!plan.strategy) return askQuestion(plan, position, item, engine, askPorts(ports), signal)
  const once = { ...plan, strategy: { ...plan.strategy, samples: 1 } }
  const keep = () => Promise.resolve(success(null))
  const question = { position, plain: item, stored: [] }
  const asked = await askBySampling(once, question, engine, askPorts(ports), keep, signal)
  if (asked.ok || asked.failure.kind !== 'not-stored') return asked as EngineResult<Answer>
  throw new Error('Nothing is stored here')
}

/** The request for a few of its questions, each once. */
function fewQuestions(request: RunRequest): RunRequest {
  return {
    ...request,
    selection: { ...request.selection, design: 'simple', sampleSize: CALIBRATION_ITEMS },
    rotationShare: 0,
    split: null,
    questions: null,
  }
}

async function sourceOf(id: RunRequest['dataset']['id'], { datasets }: PacePorts): Promise<ItemSource> {
  return { metas: await datasets.itemMetas(id), items: (indexes) => datasets.items(id, indexes) }
}

function askPorts({ engine, models, now }: PacePorts): AskPorts {
  return {
    engine,
    loaded: () => models.loaded(),
    read: () => Promise.resolve({ officialLetter: null, strictLetter: null, strictReason: null }),
    now,
    hidden: () => false,
    show: () => undefined,
  }
}
