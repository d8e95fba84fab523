/** Lines of a text in UTF-8 as they come from the disk. */
import { failure, success, type Result } from '#core/result'

export type LineProblem = 'not-text' | 'too-long'

/**
 * The lines of `blob`, each of which ends with a newline, at most `limit` UTF-16 units long. A problem is the last thing
 * that is given.
 */
export async function* linesOf(blob: Blob, limit: number): AsyncGenerator<Result<string, LineProblem>> {
  const decoder = new TextDecoderStream('utf-8', { fatal: true, ignoreBOM: true })
  const reader = blob.stream().pipeThrough(decoder).getReader()
  let begun: string[] = []
  let length = 0
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      let from = 0
      for (let end = piece.value.indexOf('\n'); end >= 0; end = piece.value.indexOf('\n', from)) {
        yield success(begun.join('') + piece.value.slice(from, end))
        begun = []
        length = 0
        from = end + 1
      }
      const rest = piece.value.slice(from)
      length += rest.length
      if (rest !== '') begun.push(rest)
      if (length > limit) {
        yield failure('too-long')
        return
      }
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    yield failure('not-text')
    return
  } finally {
    void reader.cancel().catch(() => undefined)
  }
  // A text that was cut off does not end with its last line.
  if (length > 0) yield failure('not-text')
}
