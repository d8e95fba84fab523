import { splitReply } from '#core/chat/reasoning'
import { MAX_GENERATED_TEXT } from '#core/cross-filter/limits'
import type { FilterDecoding, GeneratedAnswer } from '#core/cross-filter/types'
import type { Engine, EngineResult } from '#core/engine'
import { failure, success } from '#core/result'

/** The loaded model's answer to a question that is sent as it stands. An abort is a failure. */
export async function writeAnswer(
  engine: Pick<Engine, 'generate'>,
  question: string,
  decoding: FilterDecoding,
  signal: AbortSignal,
): Promise<EngineResult<GeneratedAnswer>> {
  const request = { messages: [{ role: 'user' as const, content: question }], ...decoding }
  const made = await engine.generate(request, () => undefined, signal)
  if (!made.ok) return made
  if (signal.aborted || made.value.finish === 'abort') return failure({ kind: 'aborted' })
  const { text, finish, promptTokens, completionTokens, timeToFirstTokenMs, decodeMs } = made.value
  const { reasoning, answer } = splitReply(text)
  const cut = (part: string) => part.trim().slice(0, MAX_GENERATED_TEXT)
  return success({
    // A thought that never ended has no answer after it: then what was written is judged.
    text: cut(answer) || cut(text),
    reasoning: reasoning && answer.trim() !== '' ? cut(reasoning.text) : null,
    ...{ finish, promptTokens, completionTokens },
    elapsedMs: timeToFirstTokenMs + decodeMs,
  })
}
