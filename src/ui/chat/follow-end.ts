/** Keeps the end of a growing text in view unless its reader has scrolled up. */

/** Nearer to the screen than this, in px, the end counts as seen. */
const END_PX = 96
/** When the end leaves the screen this soon after a wheel, a touch or a key, the reader did it, in ms. */
const READER_MS = 1_000
const INTENTS = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

export class FollowEnd {
  readonly #isWriting: () => boolean
  readonly #onChange: (following: boolean) => void
  #following = true
  #readerAt = -READER_MS

  constructor(isWriting: () => boolean, onChange: (following: boolean) => void) {
    this.#isWriting = isWriting
    this.#onChange = onChange
  }

  /** Follows `text`, which grows on the page, until the function that it gives is called. */
  watch(text: Element): () => void {
    const end = new AbortController()
    for (const intent of INTENTS) {
      const options = { signal: end.signal, passive: true }
      addEventListener(intent, ({ timeStamp }) => (this.#readerAt = timeStamp), options)
    }
    const observer = new ResizeObserver((entries) => {
      const isEmpty = (entries.at(-1)?.contentRect.height ?? 0) < 2
      // What the reader unfolds or rewrites stays where it is.
      const byReader = !this.#isWriting() && performance.now() - this.#readerAt < READER_MS
      if (this.#following && !isEmpty && !byReader) this.#toEnd()
    })
    observer.observe(text)
    return () => {
      end.abort()
      observer.disconnect()
    }
  }

  /** `end` is the last element of the text. Asks the browser nothing that would make it lay the page out early. */
  watchEnd(end: Element): () => void {
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1)
        if (entry?.isIntersecting) this.#set(true)
        else if (entry && entry.time - this.#readerAt < READER_MS) this.#set(false)
      },
      { rootMargin: `0px 0px ${END_PX}px` },
    )
    observer.observe(end)
    return () => observer.disconnect()
  }

  /** To the end, and on with it. */
  resume(): void {
    this.#readerAt = -READER_MS
    this.#set(true)
    this.#toEnd()
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
