import type { ItemLanguage } from '../prompt/question'

/** Values of a `language` field, in lower case; a region ("zh-CN", "en_US") is cut off before the look-up. */
const LANGUAGE_NAMES = new Map<string, ItemLanguage>([
  ['en', 'en'],
  ['eng', 'en'],
  ['english', 'en'],
  ['英文', 'en'],
  ['英语', 'en'],
  ['zh', 'zh'],
  ['cn', 'zh'],
  ['zho', 'zh'],
  ['chinese', 'zh'],
  ['中文', 'zh'],
  ['汉语', 'zh'],
])

/** The language that the value of a `language` field names, or null. */
export function namedLanguage(value: string): ItemLanguage | null {
  const [name = ''] = value.trim().toLowerCase().split(/[-_]/)
  return LANGUAGE_NAMES.get(name) ?? null
}

/** The language that a file name tells, e.g. `anesbench_zh.json`; null when it tells none, or both. */
export function languageOfFileName(fileName: string): ItemLanguage | null {
  const words = fileName.toLowerCase().split(/[^a-z一-鿿]+/)
  const languages = new Set(words.flatMap((word) => LANGUAGE_NAMES.get(word) ?? []))
  const [only] = languages
  return only !== undefined && languages.size === 1 ? only : null
}

/**
 * Share of Han characters among Han characters and Latin letters from which a question is Chinese. Chinese
 * clinical text is full of Latin drug names and units, English text has no Han characters; hence so low.
 */
const HAN_SHARE = 0.1

/** The language of a question by its script. */
export function languageOfText(texts: readonly string[]): ItemLanguage {
  let han = 0
  let latin = 0
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code >= 0x3400 && code <= 0x9fff) han++
      else if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) latin++
    }
  }
  return han > 0 && han / (han + latin) >= HAN_SHARE ? 'zh' : 'en'
}
