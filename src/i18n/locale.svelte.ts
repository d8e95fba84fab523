/** The interface's language: its messages and its way of writing numbers and dates. */
import type { en } from './en'
import type { enPages } from './en-pages'

/** The English messages are the key set that every language fills. */
export type Messages = typeof en & typeof enPages

export type Language = 'en' | 'zh'

/** Each language is files of its own: the first screen needs a part of one of them. */
const FIRST_SCREEN: Record<Language, () => Promise<typeof en>> = {
  en: async () => (await import('./en')).en,
  zh: async () => (await import('./zh')).zh,
}
const PAGES: Record<Language, () => Promise<typeof enPages>> = {
  en: async () => (await import('./en-pages')).enPages,
  zh: async () => (await import('./zh-pages')).zhPages,
}
let loaded = $state.raw<Partial<Record<Language, Partial<typeof enPages> & typeof en>>>({})
let pagesWanted = false

const numberFormats: Record<string, Intl.NumberFormat> = {}

const TAGS: Record<Language, string> = { en: 'en', zh: 'zh-CN' }
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** The first of the browser's languages that we speak; English otherwise. */
export function preferredLanguage(languages: readonly string[]): Language {
  for (const tag of languages) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh'
    if (tag.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

/** Fetches what a language says on the first screen, once; a `Locale` can speak it from then on. */
export async function loadFirstScreen(language: Language): Promise<void> {
  if (loaded[language]) return
  const messages = await FIRST_SCREEN[language]()
  if (!loaded[language]) loaded = { ...loaded, [language]: messages }
}

/** Fetches all that a language says, once; languages chosen from now on come whole. */
export async function loadMessages(language: Language): Promise<void> {
  pagesWanted = true
  await loadFirstScreen(language)
  const first = loaded[language]
  if (!first || first.models) return
  const pages = await PAGES[language]()
  // Only now: the other language may have come while this one was fetched.
  loaded = { ...loaded, [language]: { ...first, ...pages } }
}

/** Speaks one language at a time; its messages must have been loaded before they are asked for. */
export class Locale {
  #language = $state<Language>('en')

  constructor(language: Language) {
    this.#language = language
  }

  get language(): Language {
    return this.#language
  }

  /** Changes the language as soon as its messages are there. */
  async use(language: Language): Promise<void> {
    await (pagesWanted ? loadMessages : loadFirstScreen)(language)
    this.#language = language
  }

  /** BCP 47 tag for the `lang` attribute and Intl. */
  get tag(): string {
    return TAGS[this.#language]
  }

  /** Whether the pages' messages are there, see `loadMessages`. */
  get speaksPages(): boolean {
    return loaded[this.#language]?.models !== undefined
  }

  /** On the start page only what the first screen says is there: every other page waits for `loadMessages`. */
  get t(): Messages {
    const messages = loaded[this.#language]
    if (!messages) throw new Error(`the messages of "${this.#language}" were not loaded`)
    return messages as Messages
  }

  /** Sentences one after another: Chinese leaves no space between them. */
  sentences(...sentences: readonly string[]): string {
    return sentences.filter((sentence) => sentence !== '').join(this.#language === 'zh' ? '' : ' ')
  }

  /** Names one after another: "a, b", in Chinese "a、b". */
  list(names: readonly string[]): string {
    return names.join(this.#language === 'zh' ? '、' : ', ')
  }

  /** Between parts of a sentence that have commas of their own. */
  get semicolon(): string {
    return this.#language === 'zh' ? '；' : '; '
  }

  /** Behind what it explains, with the space that is wanted before it. */
  bracketed(text: string): string {
    return this.#language === 'zh' ? `（${text}）` : ` (${text})`
  }

  /** Between a label and what it names. */
  get colon(): string {
    return this.#language === 'zh' ? '：' : ': '
  }

  /** Made once for each way of writing: making a format takes as long as laying out a cell of a table. */
  numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = this.tag + JSON.stringify(options)
    return (numberFormats[key] ??= new Intl.NumberFormat(this.tag, options))
  }

  number(value: number, maximumFractionDigits = 0): string {
    return this.numberFormat({ maximumFractionDigits }).format(value)
  }

  /** 1,543,714,304 gives "1.5B", in Chinese "15亿". */
  compact(value: number): string {
    return new Intl.NumberFormat(this.tag, { notation: 'compact', maximumFractionDigits: 1 }).format(value)
  }

  /** `fraction` 0.8125 gives "81.3%". */
  percent(fraction: number, digits = 1): string {
    return this.numberFormat({
      style: 'percent',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(fraction)
  }

  /** Decimal units, as disks and download pages count: 1,630,000,000 gives "1.6 GB". */
  bytes(bytes: number): string {
    const exponent = Math.min(
      Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)),
      BYTE_UNITS.length - 1,
    )
    const value = bytes / 1000 ** exponent
    return new Intl.NumberFormat(this.tag, {
      style: 'unit',
      unit: BYTE_UNITS[exponent] ?? 'byte',
      // The short form of "0 bytes" is "0 byte".
      unitDisplay: exponent === 0 ? 'long' : 'short',
      maximumFractionDigits: value < 10 && exponent > 0 ? 1 : 0,
    }).format(value)
  }

  /** A duration in ms as "45 s", "3 min", "2 h 5 min". */
  duration(ms: number): string {
    const seconds = Math.max(0, Math.round(ms / 1000))
    const part = (value: number, unit: string) =>
      new Intl.NumberFormat(this.tag, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
    if (seconds < 90) return part(seconds, 'second')
    const minutes = Math.round(seconds / 60)
    if (minutes < 90) return part(minutes, 'minute')
    return `${part(Math.floor(minutes / 60), 'hour')} ${part(minutes % 60, 'minute')}`
  }

  /** A waiting time in ms as "48 ms", "1.2 s". */
  latency(ms: number): string {
    const short = ms < 1000
    return this.numberFormat({
      style: 'unit',
      unit: short ? 'millisecond' : 'second',
      unitDisplay: 'short',
      maximumFractionDigits: short ? 0 : 1,
    }).format(short ? ms : ms / 1000)
  }

  dateTime(at: number): string {
    return new Intl.DateTimeFormat(this.tag, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
  }
}
