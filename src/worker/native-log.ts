import type { EngineFailure } from '#core/engine'

/** Enough of the log's end to find why a load failed. */
const KEPT_LINES = 40
/** A failure is shown to people: its last lines say what matters. */
const DETAIL_LINES = 3

const OUT_OF_MEMORY =
  /out of memory|failed to allocate|unable to allocate|alloc.*fail|memory access out of bounds|Cannot enlarge memory|std::bad_alloc/i

/**
 * What llama.cpp writes. The exceptions of the WebAssembly module carry no text; the reason stands only here,
 * and errors of a request come here as objects.
 */
export class NativeLog {
  #lines: string[] = []
  #requestError: { n_prompt_tokens?: number; n_ctx?: number } | undefined
  #workerFailed: (error: Error) => void = () => undefined
  /** Rejects when wllama's own worker cannot start: its promises would stay open for ever. */
  workerFailure: Promise<never> = this.#watchWorker()

  readonly debug = (): void => undefined
  readonly log = (): void => undefined
  readonly warn = (...parts: unknown[]): void => this.#keep(parts)
  readonly error = (...parts: unknown[]): void => {
    const [first, second] = parts
    if (first instanceof Event) this.#workerFailed(new Error((first as ErrorEvent).message))
    if (typeof second === 'object' && second !== null) this.#requestError = second
    this.#keep(parts)
  }

  clear(): void {
    this.#lines = []
    this.#requestError = undefined
    this.workerFailure = this.#watchWorker()
  }

  /** Why a model did not load. */
  loadFailure(fallback: string): EngineFailure {
    const detail = this.#detail(fallback)
    return { kind: this.#saysOutOfMemory(fallback) ? 'out-of-memory' : 'model-invalid', detail }
  }

  /** Why a request failed. */
  requestFailure(message: string): EngineFailure {
    const { n_prompt_tokens: promptTokens, n_ctx: contextTokens } = this.#requestError ?? {}
    if (promptTokens !== undefined && contextTokens !== undefined)
      return { kind: 'context-exceeded', promptTokens, contextTokens }
    const detail = this.#detail(message)
    return { kind: this.#saysOutOfMemory(message) ? 'out-of-memory' : 'engine-error', detail }
  }

  #saysOutOfMemory(message: string): boolean {
    return OUT_OF_MEMORY.test(message) || this.#lines.some((line) => OUT_OF_MEMORY.test(line))
  }

  #detail(message: string): string {
    return [message, ...this.#lines.slice(-DETAIL_LINES)].join('\n')
  }

  #keep(parts: unknown[]): void {
    const line = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')
    this.#lines = [...this.#lines, line.trim()].slice(-KEPT_LINES)
  }

  #watchWorker(): Promise<never> {
    const failed = new Promise<never>((_, reject) => (this.#workerFailed = reject))
    // It is raced against; alone it must not count as unhandled.
    failed.catch(() => undefined)
    return failed
  }
}
