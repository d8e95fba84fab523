/** The chunks of a stream; Safari's streams are not async iterable themselves. Leaving the loop cancels it. */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // A stream that failed rejects here once more with the error that is already on its way.
    reader.cancel().catch(() => undefined)
  }
}
