/** Draws several replies to one question, one after the other, and chooses among them. */
import { extendReply } from '#core/chat/partial-reply'
import { comparisonOf, resumedReply, sampleOf, withSamples } from '#core/chat/drawn-reply'
import { isDrawn, needsScores, type ReplySampling, type SamplingStrategy } from '#core/chat/sampling'
import type { AssistantMessage } from '#core/chat/types'
import { languageOfText } from '#core/dataset/language'
import type { Engine, EngineResult, GenerationRequest } from '#core/engine'
import { failure, success } from '#core/result'
import { selfVerifier } from '#core/strategy/scorer'
import { sampleSeed } from '#core/strategy/seeds'
import { scoreSteps } from './score-steps'
import { SHOW_INTERVAL_MS, type ReplyFailure, type ReplyPorts } from './write-reply'

export interface DrawPorts extends ReplyPorts {
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
}

export interface Drawing {
  strategy: SamplingStrategy
  /** The option texts of the question, A first; null to compare what replies state as their answer. */
  options: readonly string[] | null
}

type SampledReply = AssistantMessage & { sampling: ReplySampling }

/**
 * Draws the replies that `start` lacks: all, or what an earlier drawing left. Each is stored, as part of an interrupted
 * reply, before the next is drawn, and again with its scores. A stop keeps what there is and chooses among it; nothing
 * is stored before the first reply has come to its end.
 */
export async function drawReplies(
  start: AssistantMessage,
  request: GenerationRequest,
  { strategy, options }: Drawing,
  ports: DrawPorts,
  signal: AbortSignal,
): Promise<ReplyFailure> {
  const compared = comparisonOf(options)
  const begun = { strategy, seed: request.seed, compared, samples: [], shown: null }
  const sampling = start.sampling ? { ...start.sampling, strategy } : begun
  let reply = resumedReply({ ...start, sampling })
  if (start.sampling) ports.show(reply)
  while (!isDrawn(reply.sampling) && !signal.aborted) {
    const next = await advance(reply, request, options, ports, signal)
    if (!next.ok) {
      if (next.failure.kind === 'aborted') break
      return { kind: 'engine', failure: next.failure }
    }
    reply = next.value
    ports.show(reply)
    const stored = await ports.store(reply)
    if (!stored.ok) return { kind: 'storage', failure: stored.failure }
  }
  return finish(reply, ports, signal)
}

/** Scores the sample that lacks scores, or else draws the next one. */
async function advance(
  reply: SampledReply,
  request: GenerationRequest,
  options: readonly string[] | null,
  ports: DrawPorts,
  signal: AbortSignal,
): Promise<EngineResult<SampledReply>> {
  const { strategy, samples } = reply.sampling
  const unscored = needsScores(strategy) ? samples.findIndex(({ scores }) => scores === null) : -1
  const sample = samples[unscored]
  if (!sample) return draw(reply, request, options, ports, signal)
  const { modelName, quantization, engine } = reply
  const scorer = selfVerifier({
    modelName,
    quantization: quantization ?? '',
    fingerprint: engine.fingerprint,
  })
  const { messages } = request
  const language = languageOfText([messages.at(-1)?.content ?? ''])
  const scores = await scoreSteps(ports.engine, scorer, messages, sample.text, language, signal)
  if (!scores.ok) return scores
  return success(
    withSamples(reply, samples.with(unscored, { ...sample, scores: scores.value }), 'interrupted'),
  )
}

async function draw(
  reply: SampledReply,
  request: GenerationRequest,
  options: readonly string[] | null,
  ports: DrawPorts,
  signal: AbortSignal,
): Promise<EngineResult<SampledReply>> {
  const { seed, samples } = reply.sampling
  const own = sampleSeed(seed, 0, samples.length)
  const begunAt = ports.now()
  let shownAt = 0
  let growing: AssistantMessage = { ...reply, text: '', finish: 'interrupted', reasoningMs: null }
  const generated = await ports.engine.generate(
    { ...request, seed: own },
    (event) => {
      const at = ports.now()
      growing = extendReply(growing, event, at - begunAt)
      if (at - shownAt < SHOW_INTERVAL_MS || growing.text === '') return
      shownAt = at
      ports.show(growing)
    },
    signal,
  )
  if (!generated.ok) return generated
  if (generated.value.finish === 'abort' && generated.value.text === '') return failure({ kind: 'aborted' })
  const sample = sampleOf(generated.value, own, growing.reasoningMs, options)
  return success(withSamples(reply, [...samples, sample], 'interrupted'))
}

async function finish(reply: SampledReply, ports: DrawPorts, signal: AbortSignal): Promise<ReplyFailure> {
  const { samples } = reply.sampling
  if (samples.length === 0) return null
  const ended = withSamples(reply, samples, signal.aborted ? 'abort' : 'interrupted')
  ports.show(ended)
  const stored = await ports.store(ended)
  return stored.ok ? null : { kind: 'storage', failure: stored.failure }
}
