import type { QuestionSamples } from '#core/run/samples'
import type { RunId } from '#core/run/types'
import type { SampleSource } from './strategy-view.svelte'

/** The stored replies to the question on the screen. */
export class QuestionReplies {
  readonly #source: SampleSource
  #question = $state.raw<QuestionSamples | null>(null)
  #failed = $state(false)
  #shown = ''
  #reads = 0

  constructor(source: SampleSource) {
    this.#source = source
  }

  /** Null until they are read. */
  get question(): QuestionSamples | null {
    return this.#question
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Reads them; again after scores were added, to see them: what is on the screen stays until they are there. */
  async read(runId: RunId, position: number): Promise<void> {
    const key = `${runId} ${position}`
    if (key !== this.#shown) this.#question = null
    this.#shown = key
    const read = ++this.#reads
    try {
      const question = await this.#source.samples(runId, position)
      if (read !== this.#reads) return
      this.#question = question
      this.#failed = false
    } catch {
      if (read === this.#reads) this.#failed = true
    }
  }
}
