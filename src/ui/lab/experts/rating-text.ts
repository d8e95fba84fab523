import type { Reflection } from '#core/experts/reflection'
import type { Locale } from '#i18n/locale.svelte'

export function ratingText(rating: Reflection['rating'], locale: Locale): string {
  const { ratings } = locale.t.experts.study
  if (rating === null) return ratings.none
  return rating === 1 ? ratings.sound : ratings.unsound
}
