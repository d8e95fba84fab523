import type { Preferences } from '#data/db/preferences'
import type { Language, Locale } from '#i18n/locale.svelte'

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

const LANGUAGE = 'language'
const THEME = 'theme'

/** What the user chose for the interface; kept between visits. */
export class Settings {
  readonly #preferences: Preferences
  readonly #locale: Locale
  #theme = $state<Theme>('system')

  constructor(preferences: Preferences, locale: Locale) {
    this.#preferences = preferences
    this.#locale = locale
  }

  get theme(): Theme {
    return this.#theme
  }

  /** Reads the stored choices and fetches the language's messages; what is missing or unknown keeps its default. */
  async restore(): Promise<void> {
    const [language, theme] = await Promise.all([
      this.#preferences.get(LANGUAGE),
      this.#preferences.get(THEME),
    ])
    await this.#locale.use(language === 'en' || language === 'zh' ? language : this.#locale.language)
    this.#theme = THEMES.find((known) => known === theme) ?? 'system'
  }

  async chooseLanguage(language: Language): Promise<void> {
    await this.#locale.use(language)
    await this.#preferences.set(LANGUAGE, language)
  }

  async chooseTheme(theme: Theme): Promise<void> {
    this.#theme = theme
    await this.#preferences.set(THEME, theme)
  }
}
