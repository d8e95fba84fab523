/** What a question's samples come to: whether they are enough, and the answer that they make. */
import { allReadings } from '../numerics/reading'
import type { PromptReading } from '../numerics/types'
import { choose } from '../strategy/choose'
import { sampleSeed } from '../strategy/seeds'
import { isSettled } from '../strategy/settled'
import type { Ballot, Sample, SamplingOutcome } from '../strategy/types'
import type { Answer, RunPlan } from './types'

export type RunStrategy = NonNullable<RunPlan['strategy']>

/** The ways to read a letter, each of which the samples vote by on its own. */
export type Reading = 'official' | 'strict'

/** What choosing needs of a sample. */
export type Vote = Pick<Sample, 'officialLetter' | 'strictLetter' | 'scores'>

/** The samples as votes, by the run's own scorer. */
export function ballotsOf(samples: readonly Vote[], reading: Reading): Ballot[] {
  return samples.map(({ officialLetter, strictLetter, scores }) => ({
    letter: reading === 'official' ? officialLetter : strictLetter,
    steps: scores?.steps ?? [],
  }))
}

/**
 * The seed of a sample. It goes by the item's place in the dataset and not by its place in the run, so that a part of a
 * split run, and a rerun of some items, draw what the whole run draws.
 */
export function plannedSeed(
  { decoding, itemIndexes }: Pick<RunPlan, 'decoding' | 'itemIndexes'>,
  position: number,
  index: number,
): number {
  return sampleSeed(decoding.seed, itemIndexes[position] ?? 0, index)
}

/** Whether no further sample is drawn: neither way to read letters may still change its choice. */
export function isDecided(strategy: RunStrategy, samples: readonly Vote[]): boolean {
  if (samples.length >= strategy.samples) return true
  if (!strategy.stopsEarly) return false
  return (['official', 'strict'] as const).every((reading) =>
    isSettled(strategy, ballotsOf(samples, reading)),
  )
}

export function outcomeOf(strategy: RunStrategy, samples: readonly Vote[]): SamplingOutcome {
  return {
    planned: strategy.samples,
    taken: samples.length,
    official: choose(strategy, ballotsOf(samples, 'official')),
    strict: choose(strategy, ballotsOf(samples, 'strict')),
  }
}

export type SampledAnswer = Required<Pick<Answer, 'sampling'>> &
  Pick<
    Answer,
    | 'reply'
    | 'finish'
    | 'promptTokens'
    | 'completionTokens'
    | 'timeToFirstTokenMs'
    | 'decodeMs'
    | 'reading'
    | 'officialLetter'
    | 'strictLetter'
    | 'strictReason'
  >

/**
 * What an answer says of its reply, from at least one sample. The reply stands for the choice by the strict letters; the
 * first one does where none has such a letter. Waiting for first tokens and scoring are one time, since neither writes.
 */
export function sampledAnswer(strategy: RunStrategy, samples: readonly Sample[]): SampledAnswer {
  const sampling = outcomeOf(strategy, samples)
  const shown = samples[sampling.strict.representative ?? 0]
  if (!shown) throw new Error('An answer needs a sample')
  const reading = allReadings(samples.flatMap(readingsOf))
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0)
  return {
    sampling,
    reply: shown.reply,
    finish: shown.finish,
    promptTokens: sum(({ promptTokens, scores }) => promptTokens + (scores?.promptTokens ?? 0)),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    timeToFirstTokenMs: sum(
      ({ timeToFirstTokenMs, scores }) => timeToFirstTokenMs + (scores?.elapsedMs ?? 0),
    ),
    decodeMs: sum(({ decodeMs }) => decodeMs),
    ...(reading && { reading }),
    officialLetter: sampling.official.letter,
    strictLetter: sampling.strict.letter,
    strictReason: sampling.strict.letter === null ? shown.strictReason : null,
  }
}

/** Of all prompts that the answer's `promptTokens` count: a reply without steps was not scored. */
function readingsOf({ reading, scores }: Sample): (PromptReading | undefined)[] {
  return scores && scores.promptTokens > 0 ? [reading, scores.reading] : [reading]
}
