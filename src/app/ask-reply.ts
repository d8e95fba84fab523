import { startReply } from '#core/chat/partial-reply'
import type { SamplingStrategy } from '#core/chat/sampling'
import { chatRequest, furtherOmission, type ContextCut } from '#core/chat/request'
import type {
  AssistantMessage,
  ChatSettings,
  ConversationOrigin,
  MessageId,
  MessageRecord,
} from '#core/chat/types'
import type { GenerationRequest } from '#core/engine'
import type { LoadedModel } from './models.svelte'
import type { DrawPorts } from './draw-replies'
import { writeReply, type ReplyFailure } from './write-reply'

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
  /** How one of several replies is chosen; null for one reply, as always where one is gone on from. */
  strategy: SamplingStrategy | null
  /** The reply that more samples are drawn for. */
  resumed: AssistantMessage | null
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
  ports: DrawPorts,
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
  // A conversation is its own shared beginning; how each prompt was read is kept with its reply.
  const reusing = { ...request, reusePrompt: true }
  const fresh = startReply({
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
  const { strategy, resumed } = order
  const problem = await (strategy && !continued
    ? draw(resumed ?? fresh, reusing, strategy, order, ports, signal)
    : writeReply(fresh, reusing, ports, signal))
  if (problem?.kind !== 'engine' || problem.failure.kind !== 'context-exceeded') return problem
  const { promptTokens, contextTokens } = problem.failure
  const further = furtherOmission(branch, cut.omittedMessages, promptTokens, contextTokens)
  if (cut.omittedMessages > 0 && !cut.summary && further !== null && !signal.aborted) {
    const more = { omittedMessages: further, summary: null }
    return askReply({ ...order, cut: more }, { model, variant, description }, ports, signal)
  }
  return { kind: 'context', promptTokens, contextTokens, canOmit: further !== null }
}

/** Fetched when first needed: most questions get one reply. */
async function draw(
  start: AssistantMessage,
  request: GenerationRequest,
  strategy: SamplingStrategy,
  { branch, origin }: ReplyOrder,
  ports: DrawPorts,
  signal: AbortSignal,
): Promise<ReplyFailure> {
  const [{ drawReplies }, { optionsOf }] = await Promise.all([
    import('./draw-replies'),
    import('#core/chat/drawn-reply'),
  ])
  return drawReplies(start, request, { strategy, options: optionsOf(branch.at(-1), origin) }, ports, signal)
}
