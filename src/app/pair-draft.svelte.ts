import { MAX_ANSWER_TOKENS } from '#core/cross-filter/limits'
import type { PairImport } from '#core/cross-filter/pair-collector'
import type { ImportFailure } from '#core/dataset/failure'
import type { Result } from '#core/result'
import { isWhole, type NumberInput } from './number-input'

/** Reads questions and answers from files. */
export interface PairReader {
  readFiles(files: readonly File[]): Promise<Result<PairImport, ImportFailure[]>>
}

/** A paragraph or two; judges need not read more. */
const ANSWER_TOKENS = 512

/** What the next study over a file of questions and answers will be. */
export class PairDraft {
  #found = $state.raw<PairImport | null>(null)
  #failures = $state.raw<readonly ImportFailure[]>([])
  #isReading = $state(false)
  #readings = 0
  /** The name that a file gave. */
  #suggested = ''
  name = $state('')
  maxTokens = $state<NumberInput>(ANSWER_TOKENS)

  get found(): PairImport | null {
    return this.#found
  }

  /** Of the last files, where none could be read. */
  get failures(): readonly ImportFailure[] {
    return this.#failures
  }

  get isReading(): boolean {
    return this.#isReading
  }

  /** The name as it will be stored. */
  get finalName(): string {
    return this.name.trim() || (this.#found?.files[0]?.name ?? '')
  }

  protected get hasTokens(): boolean {
    return isWhole(this.maxTokens, 1, MAX_ANSWER_TOKENS)
  }

  async read(files: readonly File[], reader: PairReader): Promise<void> {
    this.#isReading = true
    const reading = (this.#readings += 1)
    const read = await reader.readFiles(files)
    // Files that were chosen meanwhile take the place of these.
    if (reading !== this.#readings) return
    this.#isReading = false
    this.#found = read.ok ? read.value : null
    this.#failures = read.ok ? [] : read.failure
    if (!read.ok || (this.name !== '' && this.name !== this.#suggested)) return
    this.name = this.#suggested = read.value.files[0]?.name ?? ''
  }
}
