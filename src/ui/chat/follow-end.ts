/** Keeps the end of a growing text in view unless its reader has scrolled up. */

/** Nearer to the end than this, in px, counts as being there. */
const END_PX = 96
/** A scroll this soon after a wheel, a touch or a key is the reader's, in ms. */
const READER_MS = 1_000
const INTENTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

export class FollowEnd {
  readonly #onChange: (following: boolean) => void
  #following = true
  #readerAt = -READER_MS

  constructor(onChange: (following: boolean) => void) {
    this.#onChange = onChange
  }

  /** Follows `text`, which grows on the page, until the function that it gives is called. */
  watch(text: Element): () => void {
    const end = new AbortController()
    const options = { signal: end.signal, passive: true }
    for (const intent of INTENTS) {
      addEventListener(intent, ({ timeStamp }) => (this.#readerAt = timeStamp), options)
    }
    addEventListener('scroll', ({ timeStamp }) => this.#scrolled(timeStamp), options)
    const observer = new ResizeObserver(() => this.#following && this.#toEnd())
    observer.observe(text)
    return () => {
      end.abort()
      observer.disconnect()
    }
  }

  /** To the end, and on with it. */
  resume(): void {
    this.#set(true)
    this.#toEnd()
  }

  #scrolled(at: number): void {
    const { scrollHeight, scrollTop, clientHeight } = document.documentElement
    if (scrollHeight - scrollTop - clientHeight < END_PX) this.#set(true)
    else if (at - this.#readerAt < READER_MS) this.#set(false)
  }

  #set(following: boolean): void {
    if (this.#following === following) return
    this.#following = following
    this.#onChange(following)
  }

  #toEnd(): void {
    scrollTo(0, document.documentElement.scrollHeight)
  }
}
