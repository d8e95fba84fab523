/**
 * Whether this tab has been asked to erase everything, or to let another tab do it. Told across a reload, so that nothing
 * is open, and nothing of the app runs, when it happens. No link can ask for it: only this tab writes its own storage.
 */
import type { Language } from '#i18n/locale.svelte'

export const ERASING_MARK = 'somnus-erasing'

export interface Erasing {
  /** `here`: the user has confirmed it in this tab. `elsewhere`: in another one. */
  where: 'here' | 'elsewhere'
  /** The settings that tell it are being erased. */
  language: Language
}

export function erasing(): Erasing | null {
  try {
    const [where, language] = (sessionStorage.getItem(ERASING_MARK) ?? '').split(' ')
    if (where !== 'here' && where !== 'elsewhere') return null
    return { where, language: language === 'zh' ? 'zh' : 'en' }
  } catch {
    // Some private windows refuse storage.
    return null
  }
}

export function beginErasing(where: Erasing['where'], language: Language): void {
  // Of this tab alone, so that no other can erase it.
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith('somnus')) sessionStorage.removeItem(name)
  sessionStorage.setItem(ERASING_MARK, `${where} ${language}`)
  location.reload()
}

/** The app starts again, as on a first visit. */
export function startAfresh(): void {
  sessionStorage.removeItem(ERASING_MARK)
  location.reload()
}
