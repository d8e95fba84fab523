/** How fast the answers came over a run's answering time, so that a device that grows slower shows. */
import { decodedTokens } from '../run/decoded-tokens'
import type { Answer } from '../run/types'
import { quartiles, type Quartiles } from '../stats/quantiles'
import { answeringMs } from './level-effort'

export type TimedQuestion = Pick<
  Answer,
  'position' | 'completionTokens' | 'sampling' | 'decodeMs' | 'timeToFirstTokenMs' | 'forward' | 'hidden'
>

/** Where the run was started or resumed: the position of the first question that it could answer. */
export interface SessionStart {
  position: number
  at: number
}

/** Some answers in a row, all of one session. Times are answering time in ms: pauses are left out. */
export interface SpeedBin {
  fromMs: number
  toMs: number
  answers: number
  /** All units over all time spent on them, per second; null when nothing in it was timed. */
  rate: number | null
  /** Of the rates of its answers. */
  quartiles: Quartiles | null
  /** Answers during which the page was in the background at some time. */
  background: number
  /** Index in `sessions`. */
  session: number
}

export interface SpeedProfile {
  /** What is counted per second: tokens after each reply's first, or items where nothing is generated. */
  unit: 'tokens' | 'items'
  totalMs: number
  bins: SpeedBin[]
  /** Those that answered something. */
  sessions: { fromMs: number; at: number }[]
  /** Rate of the last tenth of the answers over that of the first; null with too few answers. */
  lastToFirst: number | null
}

/** About one for each 10 pixels of a phone. */
const MOST_BINS = 60
/** Fewer answers in a bin would show the answers' differences rather than the device's. */
const LEAST_ANSWERS = 5
/** Answers between two yields: about a millisecond. */
const STEP_ANSWERS = 2000

interface Work {
  units: number
  ms: number
}

/** `questions` in the order they were asked, rotated ones included. */
export function* speedSteps(
  questions: readonly TimedQuestion[],
  starts: readonly SessionStart[],
): Generator<undefined, SpeedProfile> {
  const unit = questions.some(({ completionTokens }) => completionTokens > 1) ? 'tokens' : 'items'
  const size = Math.max(LEAST_ANSWERS, Math.ceil(questions.length / MOST_BINS))
  const bins: SpeedBin[] = []
  const sessions: SpeedProfile['sessions'] = []
  let nowMs = 0
  for (const [index, { first, end, at }] of answeredSessions(questions, starts).entries()) {
    sessions.push({ fromMs: nowMs, at })
    const parts = Math.max(1, Math.round((end - first) / size))
    for (let part = 0; part < parts; part += 1) {
      const from = first + Math.round(((end - first) * part) / parts)
      const to = first + Math.round(((end - first) * (part + 1)) / parts)
      const binned = questions.slice(from, to)
      const fromMs = nowMs
      for (const [step, question] of binned.entries()) {
        if (step % STEP_ANSWERS === 0) yield
        nowMs += answeringMs(question)
      }
      bins.push({ fromMs, toMs: nowMs, session: index, ...binSpeed(binned, unit) })
    }
  }
  return { unit, totalMs: nowMs, bins, sessions, lastToFirst: lastToFirst(questions, unit) }
}

/** From `first` to before `end`: indexes of the questions that each session answered. */
function answeredSessions(questions: readonly TimedQuestion[], starts: readonly SessionStart[]) {
  // Both ascend, so one pass finds all: a file may have thousands of sessions.
  let next = 0
  const firsts = starts.map(({ position, at }, index) => {
    if (index > 0) while ((questions[next]?.position ?? Infinity) < position) next += 1
    return { first: next, at }
  })
  return firsts
    .map(({ first, at }, index) => ({ first, at, end: firsts[index + 1]?.first ?? questions.length }))
    .filter(({ first, end }) => end > first)
}

function workOf(question: TimedQuestion, unit: SpeedProfile['unit']): Work {
  return unit === 'tokens'
    ? { units: decodedTokens(question), ms: question.decodeMs }
    : { units: question.forward ? 1 : 0, ms: question.forward?.elapsedMs ?? 0 }
}

function timedWork(questions: readonly TimedQuestion[], unit: SpeedProfile['unit']): Work[] {
  return questions.map((question) => workOf(question, unit)).filter(({ units, ms }) => units > 0 && ms > 0)
}

function binSpeed(questions: readonly TimedQuestion[], unit: SpeedProfile['unit']) {
  const timed = timedWork(questions, unit)
  return {
    answers: questions.length,
    rate: pooledRate(timed),
    quartiles: quartiles(timed.map(({ units, ms }) => (units / ms) * 1000)),
    background: questions.filter(({ hidden }) => hidden).length,
  }
}

function pooledRate(timed: readonly Work[]): number | null {
  const units = timed.reduce((sum, work) => sum + work.units, 0)
  const ms = timed.reduce((sum, work) => sum + work.ms, 0)
  return ms === 0 ? null : (units / ms) * 1000
}

function lastToFirst(questions: readonly TimedQuestion[], unit: SpeedProfile['unit']): number | null {
  const tenth = Math.floor(questions.length / 10)
  if (tenth < LEAST_ANSWERS) return null
  const first = pooledRate(timedWork(questions.slice(0, tenth), unit))
  const last = pooledRate(timedWork(questions.slice(-tenth), unit))
  return first === null || last === null ? null : last / first
}
