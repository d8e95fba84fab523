import type { DeviceCapabilities } from '#core/catalog/device'
import type { CheckpointReview, ConversionOffer } from '#core/convert/stored-plan'
import type { Locale } from '#i18n/locale.svelte'

/** The quantization that suits the device: the small one that its graphics unit can calculate with. */
export function usualOffer(offers: readonly ConversionOffer[], device: DeviceCapabilities | null): string {
  const halves = device?.webgpu.kind === 'available' && device.webgpu.shaderF16
  const usual = halves ? 'q4f16_1' : 'q4f32_1'
  const names = offers.map(({ plan }) => plan.quantization)
  return names.includes(usual) ? usual : (names[0] ?? '')
}

/** How it will converse, and how far that is what the checkpoint's own template does. */
export function conversationText(
  { family, isCompared, differences }: CheckpointReview,
  locale: Locale,
): string {
  const t = locale.t.store
  if (!isCompared) return t.convertNotCompared(family)
  if (differences.length === 0) return t.convertSamePrompts(family)
  return t.convertDifferences(family, locale.number(differences.length))
}
