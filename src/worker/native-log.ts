import type { EngineFailure } from '#core/engine'

/** The first line names the cause; the next few say who passed it on. */
const KEPT_LINES = 4

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

  /** The failure behind `message`: what the log tells, else `otherwise`. */
  failure(message: string, otherwise: 'model-invalid' | 'engine-error'): EngineFailure {
    const { n_prompt_tokens: promptTokens, n_ctx: contextTokens } = this.#requestError ?? {}
    if (promptTokens !== undefined && contextTokens !== undefined)
      return { kind: 'context-exceeded', promptTokens, contextTokens }
    const detail = [message, ...this.#lines].join('\n')
    return { kind: OUT_OF_MEMORY.test(detail) ? 'out-of-memory' : otherwise, detail }
  }

  #keep(parts: unknown[]): void {
    const line = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')
    if (this.#lines.length < KEPT_LINES) this.#lines.push(line.trim())
  }

  #watchWorker(): Promise<never> {
    const failed = new Promise<never>((_, reject) => (this.#workerFailed = reject))
    // It is raced against; alone it must not count as unhandled.
    failed.catch(() => undefined)
    return failed
  }
}
