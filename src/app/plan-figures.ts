/** What the drafted run tells and costs, before it starts. */
import {
  energyWh,
  expectedHalfWidth,
  halfWidthOf,
  itemsForPrecision,
  itemsForSequence,
  weightedEffectiveItems,
} from '#core/run/cost'
import { planStrata } from '#core/run/sample'
import type { Stratum } from '#core/run/types'
import { detectableDifference } from '#core/stats/paired-power'
import type { KnownPace, Planning } from './planning.svelte'
import type { RunDraft } from './run-draft.svelte'

/** Time in ms and energy in Wh of a number of questions; null until a pace is known. */
export interface Cost {
  ms: number
  wh: number | null
}

export interface PlanFigures {
  /** Questions that the languages and levels chosen have. */
  population: number
  /** Half-widths as fractions of 1: about these very questions, and about questions like these. */
  selectionHalfWidth: number
  sourceHalfWidth: number
  /** Smallest difference of two models found with a chance of 80%; null when none is. */
  detectable: number | null
  pace: KnownPace | null
  cost: Cost | null
}

/** Null while the draft has no question to ask. */
export function planFigures(draft: RunDraft, planning: Planning): PlanFigures | null {
  const { selection, request } = draft
  const { items, available: population } = selection
  if (items === 0) return null
  const isWeighted = selection.design === 'equal' && items < population
  const half = (corrected: boolean) =>
    isWeighted
      ? weightedHalfWidth(selection.strata, corrected)
      : expectedHalfWidth(items, corrected ? population : Infinity)
  const pace = request && planning.pace(request)
  const discordance = (planning.discordancePercent ?? 0) / 100
  return {
    population,
    selectionHalfWidth: half(true),
    sourceHalfWidth: half(false),
    detectable: planning.invalid.discordancePercent ? null : detectableDifference(items, discordance),
    pace,
    cost: costOf(draft.ownItems + draft.rotatedItems, pace, planning),
  }
}

export interface TargetCost {
  /** Questions that reach the target for the selection, and for questions like these. */
  items: number
  sourceItems: number
  cost: Cost | null
}

/** What the wanted precision costs by the draft's design; null while it or the draft is not valid. */
export function targetCost(draft: RunDraft, planning: Planning): TargetCost | null {
  const { selection, request } = draft
  const population = selection.available
  if (planning.invalid.targetPoints || population === 0) return null
  const target = (planning.targetPoints ?? 0) / 100
  const items =
    selection.design === 'equal' ? itemsForEqual(draft, target) : itemsForPrecision(target, population)
  const asked = items * (1 + (draft.method.rotationPercent ?? 0) / 100)
  return {
    items,
    sourceItems: itemsForPrecision(target, Infinity),
    cost: costOf(asked, request && planning.pace(request), planning),
  }
}

/** Questions after which the drafted run ends by its precision if half are right; null without such a budget. */
export function itemsOfPrecisionBudget(draft: RunDraft): number | null {
  const { halfWidthPoints, invalid } = draft.budget
  if (halfWidthPoints === null || invalid.halfWidthPoints || draft.selection.available === 0) return null
  return itemsForSequence(halfWidthPoints / 100, draft.selection.available)
}

function costOf(questions: number, pace: KnownPace | null, planning: Planning): Cost | null {
  if (!pace) return null
  const ms = questions * pace.msPerItem
  return { ms, wh: planning.invalid.watts ? null : energyWh(ms, planning.watts ?? 0) }
}

function weightedHalfWidth(strata: readonly Stratum[], corrected: boolean): number {
  return halfWidthOf(weightedEffectiveItems(strata, corrected) ?? 0)
}

/** By halving: more questions of equal cells never make it wider. */
function itemsForEqual({ dataset, selection }: RunDraft, target: number): number {
  const { languages, levels, available } = selection
  if (!dataset) return available
  const isEnough = (sampleSize: number) => {
    const strata = planStrata(dataset.counts, { languages, levels, sampleSize, design: 'equal' })
    return weightedHalfWidth(strata, true) <= target
  }
  let tooFew = 0
  let enough = available
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (isEnough(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}
