/** From what a run keeps to what its strategies are compared by. */
import type { QuestionSamples } from '../run/samples'
import type { Reading } from '../run/sampling'
import { scorerKey } from './scorer'
import type { Sample, StepScorer, StepScores } from './types'

/** A sample as one reading and one scorer see it. */
export interface EvaluatedSample extends Pick<
  Sample,
  'promptTokens' | 'completionTokens' | 'timeToFirstTokenMs' | 'decodeMs'
> {
  letter: string | null
  /** Null where the scorer has not scored this sample. */
  scores: Pick<StepScores, 'steps' | 'promptTokens' | 'elapsedMs'> | null
}

export interface SampledItem {
  /** The letter of its key. */
  target: string
  /** In the order drawn; none where the question could not be put to the model, which counts as wrong. */
  samples: readonly EvaluatedSample[]
}

/** `scorer` is whose scores are taken, null for none; of two by the same one the later counts. */
export function sampledItem(
  target: string,
  { samples, later }: Pick<QuestionSamples, 'samples' | 'later'>,
  reading: Reading,
  scorer: StepScorer | null,
): SampledItem {
  const isWanted = (scores: StepScores | null) =>
    scores !== null && scorer !== null && scorerKey(scores.scorer) === scorerKey(scorer)
  return {
    target,
    samples: samples.map((sample) => {
      const rescored = later.findLast((each) => each.sample === sample.index && isWanted(each.scores))
      const scores = rescored?.scores ?? (isWanted(sample.scores) ? sample.scores : null)
      const { promptTokens, completionTokens, timeToFirstTokenMs, decodeMs } = sample
      const letter = reading === 'official' ? sample.officialLetter : sample.strictLetter
      return { promptTokens, completionTokens, timeToFirstTokenMs, decodeMs, letter, scores }
    }),
  }
}

/** Everyone who scored any of the samples, in the order first met. */
export function scorersOf(questions: Iterable<Pick<QuestionSamples, 'samples' | 'later'>>): StepScorer[] {
  const scorers = new Map<string, StepScorer>()
  for (const { samples, later } of questions) {
    for (const { scores } of [...samples, ...later]) {
      if (!scores) continue
      const key = scorerKey(scores.scorer)
      if (!scorers.has(key)) scorers.set(key, scores.scorer)
    }
  }
  return [...scorers.values()]
}
