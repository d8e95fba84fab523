import type { GroupRow } from '#core/score/group-rows'
import type { Locale } from '#i18n/locale.svelte'

type Group = Pick<GroupRow<unknown>, 'language' | 'level'>

/** "English · System 2: decisions", or "Total" for everything. */
export function groupName({ language, level }: Group, locale: Locale): string {
  const texts = locale.t.results
  const parts = [language && texts.languages[language], level && texts.levelNames[level]]
  return parts.filter((part) => part !== null).join(' · ') || texts.total
}

/** Whether a line sums up others. */
export function isSum({ language, level }: Group): boolean {
  return language === null || level === null
}
