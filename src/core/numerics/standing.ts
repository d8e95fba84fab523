/** How far the numbers of an engine can be relied on, by what its self-test found. */
import type { EngineDescription } from '../engine'
import type { SelfTestReport } from './types'
import { verdictOf } from './verdict'

/** Best first. */
export const STANDINGS = [
  /** The processor's engine: it has no numbers of a graphics unit. */
  'not-concerned',
  'sound',
  /** Made before it was asked. */
  'not-known',
  'not-tested',
  /** Some way of feeding tokens gave wrong logits; the engine goes another way, which gave the right ones. */
  'avoided',
  /** Every way gives wrong logits, or letters are not those of another device. */
  'wrong',
] as const
export type Standing = (typeof STANDINGS)[number]

export function standingOf({ engine, numerics }: Pick<EngineDescription, 'engine' | 'numerics'>): Standing {
  if (engine !== 'webllm') return 'not-concerned'
  if (!numerics) return 'not-known'
  return numerics.selfTest ? standingIn(numerics.selfTest) : 'not-tested'
}

export function standingIn(report: SelfTestReport): Extract<Standing, 'sound' | 'avoided' | 'wrong'> {
  const { sound, stepsSound, lettersAgree } = verdictOf(report)
  if (sound) return 'sound'
  return stepsSound && lettersAgree !== false ? 'avoided' : 'wrong'
}

/** Of several engines that answered one after another, the worst; `not-concerned` of none. */
export function worstStanding(engines: readonly EngineDescription[]): Standing {
  const ranks = engines.map((engine) => STANDINGS.indexOf(standingOf(engine)))
  return STANDINGS[Math.max(0, ...ranks)] ?? 'not-concerned'
}

/** The largest difference of any order; null where one of them gave no number. */
export function worstDifference({ differences }: SelfTestReport): number | null {
  const all = Object.values(differences)
  return all.some((difference) => difference === null) ? null : Math.max(...(all as number[]))
}
