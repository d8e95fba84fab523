import type { DatasetId } from '#core/dataset/item'
import { comparisonSteps, type Comparison } from '#core/compare/comparison'
import type { RunConditions } from '#core/compare/conditions'
import { ItemTable } from '#core/compare/item-table'
import type { Scoring } from '#core/score/verdict'
import {
  OFFICIAL_DECODING,
  type Answer,
  type Protocol,
  type RunId,
  type RunPlan,
  type Stratum,
} from '#core/run/types'
import { NO_HASHES, PLAIN_PLAN } from '../../run-defaults'

/** A run's conditions, all alike but for `change`. */
export function conditions(
  change: {
    id?: string
    model?: string
    quantization?: string
    itemsSha256?: string
    prompt?: string
    protocol?: Protocol
    shots?: number
    /** Of the selection, which also draws the examples. */
    drawnBy?: number
    split?: RunPlan['split']
    origin?: RunPlan['origin']
    temperature?: number
    seed?: number
    maxTokens?: number
    sampleSize?: number | null
    app?: string
    device?: string
    fingerprint?: string
    strata?: Stratum[]
  } = {},
): RunConditions {
  const model = change.model ?? 'Morpheus-7B'
  return {
    plan: {
      id: (change.id ?? 'run') as RunId,
      name: `${model} on AnesBench`,
      createdAt: 1_700_000_000_000,
      appVersion: change.app ?? '0.1.0',
      model: { recordId: model, variantId: 'v', name: model, quantization: change.quantization ?? 'q4f16_1' },
      dataset: {
        id: 'd' as DatasetId,
        name: 'AnesBench',
        source: 'hub',
        sha256: 'a1',
        itemsSha256: change.itemsSha256 ?? 'b2',
      },
      selection: {
        languages: ['en', 'zh'],
        levels: [1, 2, 3, 'unlabelled'],
        sampleSize: change.sampleSize ?? null,
        seed: change.drawnBy ?? 0,
        design: 'proportional',
      },
      strata: change.strata ?? [],
      ...PLAIN_PLAN,
      promptSha256: change.prompt ?? 'c3',
      protocol: change.protocol ?? 'generate',
      shots: change.shots
        ? { pool: { id: 'p' as DatasetId, name: 'Pool', itemsSha256: 'p1' }, count: change.shots }
        : null,
      split: change.split ?? null,
      origin: change.origin ?? { kind: 'own' },
      decoding: {
        ...OFFICIAL_DECODING,
        temperature: change.temperature ?? 0,
        seed: change.seed ?? 0,
        maxTokens: change.maxTokens ?? 2048,
      },
    },
    engines: [
      {
        engine: 'wllama',
        engineVersion: '3.8.1',
        device: change.device ?? 'CPU',
        fingerprint: change.fingerprint ?? model,
        contextTokens: 4096,
        ...NO_HASHES,
      },
    ],
  }
}

/** A table of runs, each given by its answers. */
export function tableOf(...runs: readonly (readonly Answer[])[]): ItemTable {
  const table = new ItemTable(runs.length)
  runs.forEach((answers, run) => table.add(run, answers))
  return table
}

/** The comparison in one go. */
export function compareRuns(table: ItemTable, runs: readonly RunConditions[], scoring: Scoring): Comparison {
  const steps = comparisonSteps(table, runs, scoring)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
