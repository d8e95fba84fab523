/** The two versions in which runs are exported, as the published schemas describe them. */
import type { RunStart } from '../run/history'
import type { DrawnSample, LaterScores } from '../run/samples'
import type { RunStrategy } from '../run/sampling'
import type { Receipt } from './receipt'
import type { ExportedAnswer, ExportedPlan, RunExport } from './run-export'
import type { RUN_SCHEMA, SAMPLED_RUN_SCHEMA } from './run-schema'

/** A reward model answers no questions, so no session says of itself that it is one. */
type Session = Omit<RunStart, 'engine'> & { engine: Omit<RunStart['engine'], 'isRewardModel'> }

interface OneReply {
  $schema: typeof RUN_SCHEMA
  version: 2
  receipt: Omit<Receipt, 'strategy'>
  plan: Omit<ExportedPlan, 'strategy'>
  sessions: Session[]
  answers: Omit<ExportedAnswer, 'sampling' | 'samples' | 'laterScores'>[]
}

/** A run of one reply a question. */
export type RunExport2 = Omit<RunExport, keyof OneReply | 'openSamples'> & OneReply

interface SeveralReplies {
  $schema: typeof SAMPLED_RUN_SCHEMA
  version: 3
  receipt: Omit<Receipt, 'strategy'> & { strategy: RunStrategy }
  plan: Omit<ExportedPlan, 'strategy'> & { strategy: RunStrategy }
  sessions: Session[]
  openSamples: DrawnSample[]
  answers: (Omit<ExportedAnswer, 'samples' | 'laterScores'> & {
    samples: DrawnSample[]
    laterScores: LaterScores[]
  })[]
}

/** A run of several replies a question, between which a strategy chose. */
export type RunExport3 = Omit<RunExport, keyof SeveralReplies> & SeveralReplies
