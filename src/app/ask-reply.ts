import { startReply } from '#core/chat/partial-reply'
import { chatRequest, furtherOmission, type ContextCut } from '#core/chat/request'
import type {
  AssistantMessage,
  ChatSettings,
  ConversationOrigin,
  MessageId,
  MessageRecord,
} from '#core/chat/types'
import type { LoadedModel } from './models.svelte'
import { writeReply, type ReplyFailure, type ReplyPorts } from './write-reply'

export interface ReplyOrder {
  /** From the first message to the question. */
  branch: readonly MessageRecord[]
  id: MessageId
  settings: ChatSettings
  seed: number
  cut: ContextCut
  origin: ConversationOrigin | null
  /** The reply to go on from. */
  continued: AssistantMessage | null
  summaryTitle: string
}

/** The conversation does not fit; `canOmit`: leaving out the oldest messages would help. */
export interface ContextProblem {
  kind: 'context'
  promptTokens: number
  contextTokens: number
  canOmit: boolean
}

/**
 * Has the loaded model reply to the end of a branch. Where leaving messages out has been agreed to, an overflow
 * leaves out more; a summary says nothing of those, so then the user is asked again.
 */
export async function askReply(
  order: ReplyOrder,
  { model, variant, description }: LoadedModel,
  ports: ReplyPorts,
  signal: AbortSignal,
): Promise<ReplyFailure | ContextProblem> {
  const { branch, cut, continued, seed } = order
  const question = branch.at(-1)
  if (!question) throw new Error('A reply follows a question.')
  const settings = { ...order.settings, seed }
  const request = chatRequest(branch, {
    ...settings,
    cut,
    summaryTitle: order.summaryTitle,
    examples: order.origin?.examples ?? [],
    replyStart: continued?.text,
  })
  const start = startReply({
    id: order.id,
    parent: question.id,
    at: ports.now(),
    modelName: model.name,
    quantization: variant.quantization,
    engine: description,
    settings,
    ...cut,
    continuedFrom: continued?.id ?? null,
    text: continued?.text ?? '',
  })
  const problem = await writeReply(start, request, ports, signal)
  if (problem?.kind !== 'engine' || problem.failure.kind !== 'context-exceeded') return problem
  const { promptTokens, contextTokens } = problem.failure
  const further = furtherOmission(branch, cut.omittedMessages, promptTokens, contextTokens)
  if (cut.omittedMessages > 0 && !cut.summary && further !== null && !signal.aborted) {
    const more = { omittedMessages: further, summary: null }
    return askReply({ ...order, cut: more }, { model, variant, description }, ports, signal)
  }
  return { kind: 'context', promptTokens, contextTokens, canOmit: further !== null }
}
