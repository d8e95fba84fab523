import type { Item } from '#core/dataset/item'
import type { RunId } from '#core/run/types'
import type { RunMoment } from './run-loop'

/** What the run of this tab is doing, for the screen. */
export interface ActiveRun {
  id: RunId
  phase: 'preparing' | 'loading-model' | 'answering' | 'recovering' | 'ending'
  question: { position: number; item: Item } | null
  /** What the model has replied to the question so far. */
  reply: string
  completionTokens: number
}

export function newActiveRun(id: RunId): ActiveRun {
  return { id, phase: 'preparing', question: null, reply: '', completionTokens: 0 }
}

/** The active run after a moment of its loop. */
export function followMoment(active: ActiveRun, moment: RunMoment): ActiveRun {
  // A pause or stop that was asked for stays visible until it has happened.
  const phase = active.phase === 'ending' ? 'ending' : 'answering'
  switch (moment.kind) {
    case 'question': {
      const question = { position: moment.position, item: moment.item }
      return { ...active, phase, question, reply: '', completionTokens: 0 }
    }
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
