/** Whether the parts of one record fit together. */
import type { ConversationRecord, MessageRecord } from '../chat/types'
import type { Misfit } from '../receipt/expected'
import type { Answer, RunPlan } from '../run/types'
import { planned } from './check-record'

export function planMisfit(plan: RunPlan, id: string): Misfit | null {
  if (plan.id !== id) return planned('plan.id', id, plan.id)
  const questions = plan.itemIndexes.length
  if (plan.rotations.length === questions) return null
  return planned('plan.rotations', String(questions), String(plan.rotations.length))
}

export function answerMisfit(
  { position, item, rotation, forward }: Answer,
  rotations: readonly number[],
): Misfit | null {
  const wanted = rotations[position] ?? 0
  if (rotation !== wanted) return planned('answer.rotation', String(wanted), String(rotation))
  const options = item.options.length
  if (item.targetIndex >= options)
    return planned('answer.item.targetIndex', `< ${options}`, String(item.targetIndex))
  const probabilities = forward?.probabilities.length ?? options
  if (probabilities === options) return null
  return planned('answer.forward.probabilities', String(options), String(probabilities))
}

/** @param sampled how many samples of the question are stored before its answer */
export function samplingMisfit({ sampling }: Answer, sampled: number): Misfit | null {
  if (!sampling) return null
  if (sampling.taken !== sampled)
    return planned('answer.sampling.taken', String(sampled), String(sampling.taken))
  for (const reading of ['official', 'strict'] as const) {
    const { representative } = sampling[reading]
    if (representative !== null && representative >= sampled) {
      return planned(`answer.sampling.${reading}.representative`, `< ${sampled}`, String(representative))
    }
  }
  return null
}

/** `messages` by their ids. Each follows an earlier one, so that no branch runs in a circle. */
export function conversationMisfit(
  { leaf, nextMessage }: Pick<ConversationRecord, 'leaf' | 'nextMessage'>,
  messages: readonly MessageRecord[],
): Misfit | null {
  const seen = new Set<number>()
  for (const { id, parent } of messages) {
    if (parent !== null && !seen.has(parent))
      return planned(`messages[${id}].parent`, `< ${id}`, String(parent))
    seen.add(id)
    if (id >= nextMessage) return planned('nextMessage', `> ${id}`, String(nextMessage))
  }
  return leaf === null || seen.has(leaf) ? null : planned('leaf', '…', String(leaf))
}
