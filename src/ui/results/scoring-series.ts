import type { Scoring } from '#core/score/verdict'

/** The sign of each scoring in the pictures of a run. */
export const SCORING_SERIES: Record<Scoring, number> = { official: 0, strict: 1, forward: 2 }
