import { strictExtraction } from '../answer/strict'
import type { Extraction } from '../answer/types'
import { splitReply } from '../chat/reasoning'
import { optionLetter } from '../prompt/question'
import { loopTokens, narrativeOf, type ExpertsState } from './state'
import type { WrittenStage } from './types'

/** What a study came to. */
export interface ExpertsOutcome {
  narrative: WrittenStage
  /** The account; empty where the model gave an answer alone. */
  account: string
  /** The last `<answer>`; the whole reply where there is none. */
  answer: string
  /** Of a benchmark's question: the letter that is read from the reply, strictly, and the key. */
  letter: { read: Extraction; key: string } | null
}

/** Null until the account is written. */
export function expertsOutcome(state: ExpertsState): ExpertsOutcome | null {
  const narrative = narrativeOf(state)
  if (!narrative) return null
  const { reasoning, answer } = splitReply(narrative.reply)
  const { item } = state.plan
  return {
    narrative,
    account: reasoning?.text ?? '',
    answer: answer === '' ? narrative.reply : answer,
    letter: item && {
      read: strictExtraction(narrative.reply, item.options, narrative.finish),
      key: optionLetter(item.targetIndex),
    },
  }
}

export interface ExpertsCost {
  /** New tokens of every reply, those cut short and the account included. */
  tokens: number
  /** Time that the engine worked, in ms; loading models is not part of it. */
  elapsedMs: number
}

export function expertsCost(state: ExpertsState): ExpertsCost {
  let tokens = loopTokens(state)
  let elapsedMs = 0
  for (const stage of state.stages) {
    if (stage.kind === 'narrative') tokens += stage.completionTokens
    elapsedMs += stage.kind === 'sufficiency' ? stage.elapsedMs : stage.timeToFirstTokenMs + stage.decodeMs
  }
  return { tokens, elapsedMs }
}
