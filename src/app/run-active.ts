import type { Item } from '#core/dataset/item'
import type { RunId } from '#core/run/types'
import type { Sample } from '#core/strategy/types'
import type { RunMoment } from './run-loop'

/** What the run of this tab is doing, for the screen. */
export interface ActiveRun {
  id: RunId
  phase: 'preparing' | 'loading-model' | 'answering' | 'comparing' | 'recovering' | 'ending'
  question: { position: number; item: Item } | null
  /** What the model has replied to the question so far. */
  reply: string
  completionTokens: number
  /** Which of several replies is being drawn or scored, and those before it; null where one reply is all. */
  sample: { index: number; planned: number; isScoring: boolean; samples: readonly Sample[] } | null
}

export function newActiveRun(id: RunId): ActiveRun {
  return { id, phase: 'preparing', question: null, reply: '', completionTokens: 0, sample: null }
}

/** The active run after a moment of its loop. */
export function followMoment(active: ActiveRun, moment: RunMoment): ActiveRun {
  // A pause or stop that was asked for stays visible until it has happened.
  const phase = active.phase === 'ending' ? 'ending' : 'answering'
  switch (moment.kind) {
    case 'question': {
      const question = { position: moment.position, item: moment.item }
      return { ...active, phase, question, reply: '', completionTokens: 0, sample: null }
    }
    case 'sample': {
      const { index, planned, samples } = moment
      const sample = { index, planned, isScoring: false, samples }
      return { ...active, phase, reply: '', completionTokens: 0, sample }
    }
    case 'scoring':
      return { ...active, sample: active.sample && { ...active.sample, isScoring: true } }
    case 'comparing':
      return { ...active, phase: 'comparing' }
    case 'recovering':
      return { ...active, phase: 'recovering' }
    case 'generation': {
      if (moment.event.kind !== 'text') return active
      const { text, completionTokens } = moment.event
      return { ...active, reply: active.reply + text, completionTokens }
    }
    case 'stored':
      return active
  }
}
