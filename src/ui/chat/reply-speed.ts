import { decodeSpeed } from '#core/chat/request'
import type { Locale } from '#i18n/locale.svelte'

/** E.g. "12 tokens/s", below ten with a decimal; null where a reply was too short to tell. */
export function speedText(reply: Parameters<typeof decodeSpeed>[0], locale: Locale): string | null {
  const speed = decodeSpeed(reply)
  return speed === null ? null : speedOf(speed, locale)
}

/** `speed` in tokens per second. */
export function speedOf(speed: number, locale: Locale): string {
  return locale.t.chat.speed(locale.number(speed, speed < 10 ? 1 : 0))
}
