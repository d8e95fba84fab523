/** What planning remembers between visits. */
import * as v from 'valibot'

/** A laptop under load; a tower with a graphics card draws several times as much. */
export const ASSUMED_WATTS = 65

/** Models of different makers; see the comparison of two runs for a measured share. */
export const ASSUMED_DISCORDANCE_PERCENT = 30

/** The precision that AnesBench's totals are usually quoted with. */
export const USUAL_TARGET_POINTS = 3

export const MOST_WATTS = 10_000
export const MOST_TARGET_POINTS = 50

const positive = (most: number) => v.pipe(v.number(), v.gtValue(0), v.maxValue(most))
const pace = v.object({
  msPerItem: v.pipe(v.number(), v.minValue(0)),
  items: v.pipe(v.number(), v.integer(), v.minValue(1)),
  range: v.nullable(v.object({ least: v.number(), most: v.number() })),
  at: v.number(),
  isMost: v.optional(v.literal(true)),
})

/** Values that cannot be are replaced one by one, so that one of them does not cost the others. */
const memory = v.object({
  watts: v.fallback(positive(MOST_WATTS), ASSUMED_WATTS),
  targetPoints: v.fallback(positive(MOST_TARGET_POINTS), USUAL_TARGET_POINTS),
  discordancePercent: v.fallback(positive(100), ASSUMED_DISCORDANCE_PERCENT),
  /** Measured on this device, by `paceKey`. */
  paces: v.fallback(v.record(v.string(), pace), {}),
})

export type PlanningMemory = v.InferOutput<typeof memory>

/** Reads what was stored, or the assumptions where nothing was. */
export function readPlanningMemory(stored: unknown): PlanningMemory {
  const parsed = v.safeParse(memory, stored ?? {})
  if (parsed.success) return parsed.output
  return {
    watts: ASSUMED_WATTS,
    targetPoints: USUAL_TARGET_POINTS,
    discordancePercent: ASSUMED_DISCORDANCE_PERCENT,
    paces: {},
  }
}
