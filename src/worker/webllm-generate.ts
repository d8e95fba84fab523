import type { EngineResult, Generation, GenerationEvent, GenerationRequest } from '#core/engine'
import { success } from '#core/result'
import { aborted } from './abort'
import { forget, NO_PENALTIES, type LoadedModel, type Settle } from './webllm-model'
import { promptOf } from './webllm-pipeline'

/** Answers a request with the loaded language model, token by token. */
export async function generateText(
  model: LoadedModel,
  settle: Settle,
  request: GenerationRequest,
  onEvent: (event: GenerationEvent) => void,
  signal: AbortSignal,
): Promise<EngineResult<Generation>> {
  const begun = performance.now()
  const { engine, modelId, pipeline } = model
  const prompt = promptOf(request, pipeline)
  if (!prompt.ok) return prompt
  const reply = { text: '', finish: 'length' as Generation['finish'], promptTokens: 0, completionTokens: 0 }
  let firstTokenAt: number | undefined
  let lastTokenAt = begun
  // Reading the logits back costs time at every token, and here nobody looks at them.
  pipeline.logitProcessor = undefined
  // While idle, an interrupt would end the next request; so it is sent only from here.
  const interrupt = () => void engine.interruptGenerate()
  signal.addEventListener('abort', interrupt)
  const answer = async () => {
    await forget(model)
    const options = {
      ...NO_PENALTIES,
      model: modelId,
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      seed: request.seed,
      stream: true,
      stream_options: { include_usage: true },
    } as const
    const chunks =
      'prompt' in prompt.value
        ? await engine.completions.create({ ...options, ...prompt.value })
        : await engine.chat.completions.create({ ...options, ...prompt.value })
    for await (const { choices, usage } of chunks) {
      // WebLLM forgets an interrupt that came before the request began.
      if (signal.aborted) interrupt()
      const [choice] = choices
      if (choice && !choice.finish_reason) {
        lastTokenAt = performance.now()
        reply.completionTokens += 1
        if (firstTokenAt === undefined) {
          firstTokenAt = lastTokenAt
          reply.promptTokens = pipeline.getCurRoundPrefillTotalTokens()
          const timeToFirstTokenMs = firstTokenAt - begun
          onEvent({ kind: 'prompt-processed', promptTokens: reply.promptTokens, timeToFirstTokenMs })
        }
        const text = ('delta' in choice ? choice.delta.content : choice.text) ?? ''
        reply.text += text
        if (text !== '') onEvent({ kind: 'text', text, completionTokens: reply.completionTokens })
      }
      if (choice?.finish_reason) {
        reply.finish = finishReason(choice.finish_reason)
        lastTokenAt = performance.now()
      }
      // Tokens that end within a character give no chunk of their own.
      if (usage) reply.completionTokens = Math.max(reply.completionTokens, usage.completion_tokens)
    }
  }
  // The next turn of a conversation, and another reply to the same prompt, go on from here.
  const { reusePrompt = false, compareReuse = false } = request
  const path = { reusePrompt, compareReuse, keepsEnd: true }
  const outcome = await settle(() => model.prompts.run(path, answer, signal))
  signal.removeEventListener('abort', interrupt)
  if (!outcome.ok) return outcome
  if (signal.aborted && firstTokenAt === undefined) return aborted()
  const firstToken = firstTokenAt ?? lastTokenAt
  return success({
    ...reply,
    timeToFirstTokenMs: firstToken - begun,
    decodeMs: lastTokenAt - firstToken,
    reading: model.prompts.reading(reply.promptTokens),
  })
}

function finishReason(reason: string): Generation['finish'] {
  return reason === 'abort' || reason === 'stop' ? reason : 'length'
}
