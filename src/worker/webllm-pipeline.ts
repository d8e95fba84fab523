/** What is read of a model that WebLLM holds beyond the package's public types. */
import type { ChatCompletionRequestBase, LogitProcessor, MLCEngine } from '@mlc-ai/web-llm'
import type { ConversationTemplate } from '#core/convert/conversation'
import type { EngineResult, GenerationRequest } from '#core/engine'
import { success } from '#core/result'
import { continuedPrompt, type PromptTokenizer } from './continued-prompt'

export interface Pipeline {
  /** The whole of mlc-chat-config.json, members that WebLLM does not know included. */
  config: { conv_template: ConversationTemplate }
  tokenizer: PromptTokenizer
  logitProcessor: LogitProcessor | undefined
  getCurRoundPrefillTotalTokens(): number
}

export function pipelineOf(engine: MLCEngine, modelId: string): Pipeline {
  const { loadedModelIdToPipeline } = engine as unknown as { loadedModelIdToPipeline: Map<string, Pipeline> }
  const pipeline = loadedModelIdToPipeline.get(modelId)
  if (!pipeline) throw new Error('WebLLM holds no model after loading.')
  return pipeline
}

/** Messages, or for a reply that is to be gone on with the plain text up to there. */
export function promptOf(
  { messages, replyStart }: GenerationRequest,
  { config, tokenizer }: Pipeline,
): EngineResult<{ prompt: string } | Pick<ChatCompletionRequestBase, 'messages'>> {
  if (replyStart === undefined) {
    return success({ messages: messages as ChatCompletionRequestBase['messages'] })
  }
  const prompt = continuedPrompt(config.conv_template, tokenizer, messages, replyStart)
  return prompt.ok ? success({ prompt: prompt.value }) : prompt
}
