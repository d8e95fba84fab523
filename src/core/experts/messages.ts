import { splitReply } from '../chat/reasoning'
import type { ChatMessage } from '../prompt/question'
import { fillPrompt } from './prompts'
import { readReflection } from './reflection'
import { latestReply, type ExpertsState, type NextStage } from './state'

/**
 * What the model is asked at the next stage. It is shown the latest reasoning and the latest feedback only: every
 * revision is whole, and the context of a local model is short.
 */
export function stageMessages(state: ExpertsState, { prompt }: NextStage): ChatMessage[] {
  const { question, prompts } = state.plan
  const content = fillPrompt(prompts[prompt], {
    question,
    reasoning: withoutTags(latestReply(state, 'reasoning')),
    feedback: readReflection(spoken(latestReply(state, 'reflection'))).feedback,
  })
  return [{ role: 'user', content }]
}

/** A reply without tags of thought: the next model would take them for the beginning of one of its own. */
export function withoutTags(reply: string): string {
  const { reasoning, answer } = splitReply(reply)
  return [reasoning?.text ?? '', answer].filter(Boolean).join('\n\n')
}

/** What a reviewer says, not what it thought before. */
function spoken(reply: string): string {
  return splitReply(reply).answer || reply
}

/** The seed of the next reply: another one for each, the same whenever the study goes on from here. */
export function stageSeed({ plan, stages }: ExpertsState): number {
  return (plan.sampling.seed + stages.length) >>> 0
}
