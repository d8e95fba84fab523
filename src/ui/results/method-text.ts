import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import type { RunSummary } from '#core/run/summary'
import type { Locale } from '#i18n/locale.svelte'
import { strategyText } from './strategy-text'

/** How a run asks, in a few words that tell it from others of the same model and dataset. */
export function methodText(plan: RunSummary['plan'], locale: Locale): string {
  const texts = locale.t.protocol
  const { prompts, shots, rotationShare, strategy } = plan
  return [
    texts.names[plan.protocol],
    strategy ? strategyText(strategy, locale) : null,
    prompts.id === ANESBENCH_PROMPTS.id ? null : texts.promptsOption(prompts.name, prompts.version),
    shots && texts.moreShots(locale.number(shots.count)),
    rotationShare > 0 ? texts.moreRotation(locale.number(rotationShare * 100, 1)) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
