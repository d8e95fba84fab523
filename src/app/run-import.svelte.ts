import type { Dataset, DatasetId } from '#core/dataset/item'
import { isDoubtful, checkFile } from '#core/receipt/file-checks'
import type { FileCheck } from '#core/receipt/file-check'
import { shotsWithTexts, withTexts } from '#core/receipt/fill-items'
import { readJsonFile } from '#core/receipt/json-file'
import { MAX_RECEIPT_BYTES } from '#core/receipt/limits'
import { PLAN_FILE_FORMAT, readPlanFile, type PlanFile } from '#core/receipt/plan-file'
import { importedRunId, runFileOf, type ReadProblem, type RunFile } from '#core/receipt/read'
import { foldRun } from '#core/receipt/run-events'
import { failure, success, type Result } from '#core/result'
import type { LogFailure } from '#core/run/log'
import { madeAs } from '#core/run/origin'
import type { ItemSource } from '#core/run/shots'
import type { RunSummary } from '#core/run/summary'
import { createSha256 } from '#data/sha256'
import { inAsyncSteps } from './async-steps'
import { createCheckHashing } from './check-hashing'
import type { RunDatasets } from './run-ports'
import type { Runs } from './runs.svelte'
import { inSteps } from './slices'

export type ImportProblem =
  | ReadProblem
  | { kind: 'too-large'; bytes: number; limit: number }
  /** The browser could not read the file: it was moved or changed. */
  | { kind: 'unreadable' }
  /** What happened in the run cannot have happened in this order. */
  | { kind: 'inconsistent'; event: string }
  | { kind: 'not-stored'; failure: LogFailure }

export type RunImportState =
  | { kind: 'idle' }
  | { kind: 'reading' | 'checking' | 'storing'; fileName: string }
  /** `isNew` is false when the same file was imported before; `isDoubtful` when a claim of the file does not hold. */
  | {
      kind: 'imported'
      fileName: string
      summary: RunSummary
      isNew: boolean
      isDoubtful: boolean
      checks: readonly FileCheck[]
      withheld: number
    }
  | { kind: 'plan'; fileName: string; plan: PlanFile }
  | { kind: 'failed'; fileName: string; problem: ImportProblem }

export interface RunImportPorts {
  runs: Pick<Runs, 'adopt'>
  datasets: Pick<RunDatasets, 'itemMetas' | 'items'> & { readonly list: readonly Dataset[] }
  now: () => number
}

/** Opens a file that another machine wrote: a run becomes one here, a plan is shown. */
export class RunImport {
  readonly #ports: RunImportPorts
  #state = $state.raw<RunImportState>({ kind: 'idle' })
  #control = new AbortController()

  constructor(ports: RunImportPorts) {
    this.#ports = ports
  }

  get state(): RunImportState {
    return this.#state
  }

  get isBusy(): boolean {
    return ['reading', 'checking', 'storing'].includes(this.#state.kind)
  }

  /** Gives up what is under way, or takes its outcome off the screen. */
  dismiss(): void {
    this.#control.abort()
    this.#state = { kind: 'idle' }
  }

  async open(file: File): Promise<void> {
    this.#control.abort()
    const control = new AbortController()
    this.#control = control
    const show = (state: RunImportState) => {
      if (!control.signal.aborted) this.#state = state
    }
    const fileName = file.name
    show({ kind: 'reading', fileName })
    try {
      const opened = await this.#open(file, show, control.signal)
      show(opened.ok ? opened.value : { kind: 'failed', fileName, problem: opened.failure })
    } catch (error) {
      if (control.signal.aborted) return
      // A file that cannot be read rejects with a DOMException; anything else is a bug.
      if (!(error instanceof DOMException)) throw error
      show({ kind: 'failed', fileName, problem: { kind: 'unreadable' } })
    }
  }

  async #open(
    file: File,
    show: (state: RunImportState) => void,
    signal: AbortSignal,
  ): Promise<Result<RunImportState, ImportProblem>> {
    const fileName = file.name
    if (file.size > MAX_RECEIPT_BYTES) {
      return failure({ kind: 'too-large', bytes: file.size, limit: MAX_RECEIPT_BYTES })
    }
    const fileSha256 = await sha256OfFile(file)
    const json = await inSteps(readJsonFile(await file.text(), 'answers'))
    if (!json.ok) return json
    if (json.value.head['format'] === PLAN_FILE_FORMAT) {
      const plan = readPlanFile(json.value.head)
      return plan.ok
        ? success({ kind: 'plan', fileName, plan: plan.value })
        : failure({ kind: 'misfit', answer: null, ...plan.failure })
    }
    const read = await inSteps(runFileOf(json.value))
    if (!read.ok) return read
    signal.throwIfAborted()
    show({ kind: 'checking', fileName })
    const hashing = await createCheckHashing()
    const checks = await inSteps(checkFile(read.value, hashing))
    const whole = await this.#withTexts(read.value, hashing.sha256, signal)
    signal.throwIfAborted()
    show({ kind: 'storing', fileName })
    return this.#store(whole, { fileName, fileSha256, checks })
  }

  async #store(
    file: RunFile,
    { fileName, fileSha256, checks }: { fileName: string; fileSha256: string; checks: FileCheck[] },
  ): Promise<Result<RunImportState, ImportProblem>> {
    const { plan, exportedAt } = file
    const folded = await inSteps(
      foldRun({
        ...file,
        plan: {
          ...plan,
          id: importedRunId(fileSha256),
          origin: {
            kind: 'imported',
            at: this.#ports.now(),
            fileSha256,
            runId: plan.id,
            made: madeAs(plan.origin),
            checks,
          },
        },
        at: exportedAt,
      }),
    )
    if (!folded.ok) return failure({ kind: 'inconsistent', event: folded.failure.event.kind })
    const stored = await this.#ports.runs.adopt(folded.value)
    if (!stored.ok) return failure({ kind: 'not-stored', failure: stored.failure })
    return success({
      kind: 'imported',
      fileName,
      ...stored.value,
      checks,
      isDoubtful: isDoubtful(checks),
      withheld: file.answers.filter(({ item }) => item.withheld !== undefined).length,
    })
  }

  /** The run with the texts that its file left out, as far as their dataset is stored here. */
  async #withTexts(file: RunFile, sha256: (text: string) => string, signal: AbortSignal): Promise<RunFile> {
    const { plan } = file
    let { answers } = file
    const source = await this.#source(plan.dataset.itemsSha256)
    if (source && answers.some(({ item }) => item.withheld !== undefined)) {
      answers = await inAsyncSteps(withTexts(plan, answers, source, sha256), () => undefined, signal)
    }
    const pool = plan.shots && (await this.#source(plan.shots.pool.itemsSha256))
    const shots = plan.shots && pool ? await shotsWithTexts(plan.shots, pool, sha256) : plan.shots
    return { ...file, answers, plan: { ...plan, shots } }
  }

  async #source(itemsSha256: string): Promise<ItemSource | null> {
    const { datasets } = this.#ports
    const dataset = datasets.list.find((one) => one.itemsSha256 === itemsSha256)
    return dataset ? itemSource(datasets, dataset.id) : null
  }
}

export async function itemSource(
  datasets: Pick<RunDatasets, 'itemMetas' | 'items'>,
  id: DatasetId,
): Promise<ItemSource> {
  return { metas: await datasets.itemMetas(id), items: (indexes) => datasets.items(id, indexes) }
}

/** In pieces, as they come from the disk. */
async function sha256OfFile(file: File): Promise<string> {
  const hash = await createSha256()
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return hash.hex()
    hash.update(value)
  }
}
