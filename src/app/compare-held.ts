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
 * Reads the prompts of the last two questions in turns, one reusing what the engine holds of the other, until a reading was
 * compared with a cold pass. True where it agreed; false where it did not, or where the engine as it is loaded now compares
 * nothing.
 */
export async function compareHeld(
  plan: RunPlan,
  { answered, held }: Pick<RunSummary, 'answered' | 'held'>,
  engine: EngineDescription,
  ports: ComparePorts,
  signal: AbortSignal,
): Promise<Result<boolean, EngineFailure | { kind: 'item-missing' }>> {
  const first = Math.max(0, (held?.from ?? answered) - 1)
  let positions = Array.from({ length: answered - first }, (_, back) => answered - 1 - back)
  for (let request = 1; request <= MOST_REQUESTS && positions.length > 0;) {
    // The last question's prompt is what the engine holds: the one before it makes it go on from their common beginning.
    const position = positions[request % Math.min(2, positions.length)]!
    const plain = await ports.item(plan.itemIndexes[position]!)
    if (!plain) return failure({ kind: 'item-missing' })
    const item = rotateItem(plain, plan.rotations[position] ?? 0)
    const read = await readPrompt({ plan, item, compareReuse: true }, ports.engine, signal)
    if (!read.ok && isTooLong(read.failure)) {
      positions = positions.filter((other) => other !== position)
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
