import type { DeviceCapabilities } from '#core/catalog/device'
import type { JinjaOutcome } from '#core/convert/chat-template'
import { conversionCost } from '#core/convert/estimate'
import type { CheckpointReview } from '#core/convert/stored-plan'
import type { Locale } from '#i18n/locale.svelte'
import type { PlanFact } from './plan-facts'

/** The quantization that suits the device: the small one that its graphics unit can calculate with. */
export function usualQuantization(names: readonly string[], device: DeviceCapabilities | null): string {
  const halves = device?.webgpu.kind === 'available' && device.webgpu.shaderF16
  const usual = halves ? 'q4f16_1' : 'q4f32_1'
  return names.includes(usual) ? usual : (names[0] ?? '')
}

/** What it reads and stores, and the time, memory and room for that; `freeBytes` is null where nobody says. */
export function costFacts(
  review: CheckpointReview,
  resultBytes: number,
  freeBytes: number | null,
  locale: Locale,
): PlanFact[] {
  const t = locale.t.conversion
  const { seconds, isMeasured, bytesPerSecond, memoryBytes } = conversionCost(review)
  const time = locale.duration(Math.max(1, seconds) * 1000)
  const rate = locale.bytes(bytesPerSecond)
  const size = locale.bytes(review.sourceBytes)
  return [
    {
      label: locale.t.store.convertSource,
      text: review.remote ? t.sourceFrom(size, review.remote.host) : size,
    },
    { label: locale.t.store.convertResult, text: locale.bytes(resultBytes) },
    ...(freeBytes === null ? [] : [{ label: t.room, text: t.roomFree(locale.bytes(freeBytes)) }]),
    { label: t.time, text: isMeasured ? t.timeMeasured(time, rate) : t.timeAssumed(time, rate) },
    { label: t.memory, text: t.memoryAbout(locale.bytes(memoryBytes)) },
  ]
}

/** What the checkpoint's own template makes of a conversation. */
export function outcomeText(outcome: JinjaOutcome, locale: Locale): string {
  const t = locale.t.store
  if (outcome.kind === 'written') return outcome.prompt
  return outcome.kind === 'refused' ? t.convertRefused(outcome.reason) : t.convertFailed(outcome.reason)
}

/** How it will converse, and how far that is what the checkpoint's own template does. */
export function conversationText({ family, differences }: CheckpointReview, locale: Locale): string {
  const t = locale.t.store
  if (differences.length === 0) return t.convertSamePrompts(family)
  return t.convertDifferences(family, locale.number(differences.length))
}

/** The adapters that will be merged, and what the result is where they make a reward model of it. */
export function adapterFacts({ adapters = [], offers }: CheckpointReview, locale: Locale): PlanFact[] {
  const t = locale.t.rewardModel
  const isReward = offers.some(({ plan }) => plan.isRewardModel)
  return [
    ...(adapters.length > 0 ? [{ label: t.adapters, text: adapters.join(' + ') }] : []),
    ...(isReward ? [{ label: t.kind, text: t.badge, hint: t.purpose }] : []),
  ]
}
