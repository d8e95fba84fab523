/** From a stored run to its loop: its dataset and its model must be there, and be the same. */
import type { EngineDescription } from '#core/engine'
import { failure, success, type Result } from '#core/result'
import type { LogFailure } from '#core/run/log'
import { isOtherModel, type RunSummary } from '#core/run/summary'
import type { RunEvent, RunId, RunPlan } from '#core/run/types'
import type { RunDatabase } from '#data/db/runs'
import type { RunLoopPorts, RunWish } from './run-loop'
import type { RunDatasets, RunModels } from './run-ports'
import type { RunProblem } from './run-problem'

export interface AnsweringPorts {
  database: RunDatabase
  datasets: RunDatasets
  models: RunModels
  engine: RunLoopPorts['engine']
  read: RunLoopPorts['read']
  append: (runId: RunId, event: RunEvent) => Promise<Result<RunSummary, LogFailure>>
  now: () => number
  hidden: RunLoopPorts['hidden']
  show: RunLoopPorts['show']
  /** Both are there; the model is being loaded. */
  onLoading(): void
}

/** Resolves when the run is finished, stopped, paused or cannot go on. */
export async function answerStored(
  runId: RunId,
  ports: AnsweringPorts,
  signal: AbortSignal,
): Promise<Result<RunSummary, RunProblem>> {
  const { database, datasets, models, append, now } = ports
  const [plan, summary] = await Promise.all([database.plan(runId), database.find(runId)])
  if (!plan || !summary) return failure({ kind: 'run-missing' })
  const dataset = await datasets.find(plan.dataset.id)
  if (dataset?.itemsSha256 !== plan.dataset.itemsSha256) {
    return failure({ kind: 'dataset-missing', name: plan.dataset.name })
  }
  /** A pause while the model loads leaves the run as it was. */
  const endBeforeStart = async (): Promise<Result<RunSummary, RunProblem>> => {
    if ((signal.reason as RunWish) === 'pause') return success(summary)
    const stopped = await append(runId, { kind: 'stopped', at: now(), reason: 'user' })
    return stopped.ok ? stopped : failure({ kind: 'log-failed', failure: stopped.failure })
  }
  if (signal.aborted) return endBeforeStart()
  ports.onLoading()
  const loaded = await models.ensureLoaded(plan.model, signal)
  if (signal.aborted) return endBeforeStart()
  if (!loaded.ok) {
    // The load was cancelled beside the run: a wish, not a problem.
    if (loaded.failure.kind === 'aborted') return success(summary)
    return failure(
      loaded.failure.kind === 'model-unknown'
        ? { kind: 'model-unknown', name: plan.model.name }
        : { kind: 'model-failed', failure: loaded.failure },
    )
  }
  if (isOtherModel(summary, loaded.value)) return failure({ kind: 'model-differs', name: plan.model.name })
  const { answerRun } = await import('./run-loop')
  const ended = await answerRun(plan, loaded.value, loopPorts(plan, ports), signal)
  return ended.ok ? ended : failure({ kind: 'log-failed', failure: ended.failure })
}

function loopPorts(plan: RunPlan, ports: AnsweringPorts): RunLoopPorts {
  const { database, datasets, engine, models, read, now, hidden, show } = ports
  return {
    log: database,
    engine,
    loaded: () => models.loaded(),
    reload: async (signal) => {
      const loaded = await models.ensureLoaded(plan.model, signal)
      if (loaded.ok || loaded.failure.kind !== 'model-unknown')
        return loaded as Result<EngineDescription, never>
      return failure({ kind: 'not-loaded' })
    },
    item: async (index) => (await datasets.item(plan.dataset.id, index)) ?? null,
    ...{ read, now, hidden, show },
    userAgent: navigator.userAgent,
  }
}
