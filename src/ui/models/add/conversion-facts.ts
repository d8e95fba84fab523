import type { DeviceCapabilities } from '#core/catalog/device'
import type { JinjaOutcome } from '#core/convert/chat-template'
import type { CheckpointReview, ConversionOffer } from '#core/convert/stored-plan'
import type { Locale } from '#i18n/locale.svelte'

/** The quantization that suits the device: the small one that its graphics unit can calculate with. */
export function usualOffer(offers: readonly ConversionOffer[], device: DeviceCapabilities | null): string {
  const halves = device?.webgpu.kind === 'available' && device.webgpu.shaderF16
  const usual = halves ? 'q4f16_1' : 'q4f32_1'
  const names = offers.map(({ plan }) => plan.quantization)
  return names.includes(usual) ? usual : (names[0] ?? '')
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
