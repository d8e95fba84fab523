import type { NextStage } from '#core/experts/state'
import type { Locale } from '#i18n/locale.svelte'

/** E.g. "Reflection, round 2"; the account belongs to no round. */
export function stageTitle({ kind, round }: Pick<NextStage, 'kind' | 'round'>, locale: Locale): string {
  const { stage, stages } = locale.t.experts
  return kind === 'narrative' ? stages.narrative : stage(stages[kind], locale.number(round))
}
