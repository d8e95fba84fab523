import type { Choice, Strategy } from '#core/strategy/types'
import type { Locale } from '#i18n/locale.svelte'

/** Why the choice is what it is; `replies` is how many there were. */
export function choiceText(strategy: Strategy, choice: Choice, replies: number, locale: Locale): string {
  const texts = locale.t.strategies.samples
  const { letter, representative, tally } = choice
  const won = tally.find((entry) => entry.letter === letter)
  if (letter === null || representative === null || !won) return texts.none
  const reply = locale.number(representative + 1)
  const isTied = tally.some((entry) => entry.letter !== letter && entry.score === won.score)
  const why =
    'aggregate' in strategy
      ? (strategy.kind === 'best-of-n' ? texts.best : texts.sum)(
          letter,
          worthText(won.score, locale),
          locale.t.strategies.worthShort[strategy.aggregate],
          reply,
        )
      : texts.most(letter, locale.number(won.score), locale.number(replies), reply)
  return isTied ? `${why} ${texts.tie}` : why
}

/** A worth or a step's score, 0 to 1, or a sum of worths. */
export function worthText(worth: number, locale: Locale): string {
  return locale.numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(worth)
}
