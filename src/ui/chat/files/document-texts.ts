import type { DocumentTexts } from '#core/chat/files/document'
import { numbersText } from '#app/numbers-text'
import { samplingWords } from '../why-this-reply'
import type { Locale } from '#i18n/locale.svelte'
import { speedOf } from '../reply-speed'

/** All words of an exported conversation, in the language of the interface. */
export function documentTexts(locale: Locale): DocumentTexts {
  const { chat, chatCompare, chatFiles, numerics } = locale.t
  const { document: texts } = chatFiles
  return {
    ...texts,
    lang: locale.tag,
    settingsText: chatCompare.view.settingsText,
    notice: chat.notADevice,
    ends: chat.ends,
    labels: { ...texts.labels, numbers: numerics.fact },
    numbers: (engine) => (engine.engine === 'webllm' ? numbersText(engine, locale) : null),
    omitted: chat.omitted,
    sampling: (sampling) => samplingWords(sampling, locale),
    number: (value) => locale.number(value),
    dateTime: (at) => locale.dateTime(at),
    tokenCount(count, speed) {
      const length = chat.tokens(locale.number(count))
      return speed === null ? length : texts.speed(length, speedOf(speed, locale))
    },
  }
}
