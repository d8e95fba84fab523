import { verify as en } from '#i18n/en/verify'
import { verify as zh } from '#i18n/zh/verify'
import type { Locale } from '#i18n/locale.svelte'

/** The texts of this folder; they come with the pages that need them, not with the first screen. */
export function verifyTexts({ language }: Locale): typeof en {
  return language === 'zh' ? zh : en
}
