import type { Dataset } from '#core/dataset/item'
import { inOrderAsked } from '#core/export/exportable-run'
import type { CheckResult } from '#core/receipt/check-result'
import { verificationFileName, verificationJson } from '#core/receipt/verification-export'
import { verifyRun, type VerifyProgress } from '#core/receipt/verify'
import type { RunRecord } from '#data/db/runs'
import { inAsyncSteps } from './async-steps'
import { createCheckHashing } from './check-hashing'
import { itemSource } from './run-import.svelte'
import type { RunDatasets } from './run-ports'
import type { Runs } from './runs.svelte'

export type { RunRecord }

export type VerificationState =
  | { kind: 'idle' }
  | { kind: 'running'; progress: VerifyProgress | null }
  | { kind: 'done'; at: number; results: readonly CheckResult[] }
  | { kind: 'failed'; detail: string }

export interface VerificationPorts {
  runs: Pick<Runs, 'allSamples'>
  datasets: Pick<RunDatasets, 'itemMetas' | 'items'> & { readonly list: readonly Dataset[] }
  /** Of this app: the extractions that read the replies again are its. */
  appVersion: string
  userAgent: string
  now: () => number
}

/** One run being verified. */
export class Verification {
  readonly #record: RunRecord
  readonly #ports: VerificationPorts
  #state = $state.raw<VerificationState>({ kind: 'idle' })
  #control = new AbortController()

  constructor(record: RunRecord, ports: VerificationPorts) {
    this.#record = record
    this.#ports = ports
  }

  get state(): VerificationState {
    return this.#state
  }

  get appVersion(): string {
    return this.#ports.appVersion
  }

  async start(): Promise<void> {
    const control = new AbortController()
    this.#control = control
    this.#state = { kind: 'running', progress: null }
    try {
      const results = await this.#verify(control.signal)
      this.#state = { kind: 'done', at: this.#ports.now(), results }
    } catch (error) {
      if (control.signal.aborted) return
      this.#state = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  cancel(): void {
    this.#control.abort()
    this.#state = { kind: 'idle' }
  }

  /** What was found, as a file; null before. */
  file(): File | null {
    if (this.#state.kind !== 'done') return null
    const { at, results } = this.#state
    const { appVersion, userAgent } = this.#ports
    const text = verificationJson(this.#record.plan, results, { at, appVersion, userAgent })
    return new File([text], verificationFileName(at), { type: 'application/json' })
  }

  async #verify(signal: AbortSignal): Promise<CheckResult[]> {
    const { plan, summary, starts } = this.#record
    const { datasets } = this.#ports
    const dataset = datasets.list.find(({ itemsSha256 }) => itemsSha256 === plan.dataset.itemsSha256)
    const here = dataset ? { dataset, source: await itemSource(datasets, dataset.id) } : null
    const samples = plan.strategy ? await this.#ports.runs.allSamples(plan.id) : undefined
    const answers = inOrderAsked(this.#record)
    const run = { plan, summary, starts, answers, ...(samples && { samples }) }
    return inAsyncSteps(
      verifyRun(run, here, await createCheckHashing()),
      (progress) => {
        this.#state = { kind: 'running', progress }
      },
      signal,
    )
  }
}
