/** The comparison of reused prompts that a run's held answers still wait for when it ends. */
import type { Engine, EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import type { Item } from '#core/dataset/item'
import type { PromptReading } from '#core/numerics/types'
import { failure, success, type Result } from '#core/result'
import { rotateItem } from '#core/run/rotate'
import type { RunSummary } from '#core/run/summary'
import type { RunPlan } from '#core/run/types'
import { isTooLong, letterRequest, questionMessages, type Asking } from './ask-question'

export interface ComparePorts {
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  loaded(): EngineDescription | null
  item(index: number): Promise<Item | null>
}

/** From an empty cache an engine needs three prompts that begin alike before it compares one, or four of one prompt. */
export const MOST_REQUESTS = 4

/**
 * Reads the last question's prompt and that of one before it in the same language in turns, so that each goes on from what the
 * engine holds of the other, until a reading was compared with a cold pass. True where it agreed; false where it did not, or
 * where the engine as it is loaded now compares nothing.
 */
export async function compareHeld(
  plan: RunPlan,
  { answered }: Pick<RunSummary, 'answered'>,
  engine: EngineDescription,
  ports: ComparePorts,
  signal: AbortSignal,
): Promise<Result<boolean, EngineFailure | { kind: 'item-missing' }>> {
  const tooLong = new Set<number>()
  for (let request = 1; request <= MOST_REQUESTS;) {
    const pair = await lastAlike(plan, answered, tooLong, ports)
    if (!pair) return failure({ kind: 'item-missing' })
    // The last one's prompt is what the engine holds, so the other one goes first.
    const question = pair[request % pair.length]
    if (!question) return success(false)
    const read = await readPrompt({ plan, item: question.item, compareReuse: true }, ports.engine, signal)
    if (!read.ok && isTooLong(read.failure)) {
      tooLong.add(question.position)
      continue
    }
    if (!read.ok) return read
    if (ports.loaded()?.fingerprint !== engine.fingerprint) return failure({ kind: 'not-loaded' })
    if (!read.value || read.value.reason === 'check-failed') return success(false)
    if (read.value.compared) return success(true)
    request += 1
  }
  return success(false)
}

interface AskedItem {
  position: number
  /** As it was asked. */
  item: Item
}

/** The last answered question and the one before it in its language, as far as there are any; null where an item is gone. */
async function lastAlike(
  { itemIndexes, rotations }: RunPlan,
  answered: number,
  leftOut: ReadonlySet<number>,
  ports: ComparePorts,
): Promise<AskedItem[] | null> {
  const alike: AskedItem[] = []
  for (let position = answered - 1; position >= 0 && alike.length < 2; position -= 1) {
    if (leftOut.has(position)) continue
    const plain = await ports.item(itemIndexes[position]!)
    if (!plain) return null
    if (alike[0] && alike[0].item.language !== plain.language) continue
    alike.push({ position, item: rotateItem(plain, rotations[position] ?? 0) })
  }
  return alike
}

/** As the question was asked, with at most one token as the reply; null where the engine does not tell how. */
async function readPrompt(
  asking: Asking,
  engine: ComparePorts['engine'],
  signal: AbortSignal,
): Promise<EngineResult<PromptReading | null>> {
  const { plan, item } = asking
  const reuse = { reusePrompt: true, compareReuse: true }
  if (plan.protocol === 'letters') {
    const scored = await engine.scoreLetters({ ...letterRequest(asking), ...reuse }, signal)
    return scored.ok ? success(scored.value.reading ?? null) : scored
  }
  const request = { messages: questionMessages(plan, item), ...plan.decoding, maxTokens: 1, ...reuse }
  const generated = await engine.generate(request, () => undefined, signal)
  if (!generated.ok) return generated
  return generated.value.finish === 'abort'
    ? failure({ kind: 'aborted' })
    : success(generated.value.reading ?? null)
}
