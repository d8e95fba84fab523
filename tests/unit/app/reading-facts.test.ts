import { describe, expect, it } from 'vitest'
import type { PromptReading } from '#core/numerics/types'
import { Locale } from '#i18n/locale.svelte'
import { readingFacts } from '#ui/results/reading-facts.ts'

const locale = new Locale('en')
const texts = locale.t.reuse
const cold: PromptReading = { path: 'cold', tokensFed: 20, tokensReused: 0 }
const reused: PromptReading = { path: 'reused', tokensFed: 3, tokensReused: 17 }

describe('how a prompt was read', () => {
  it.each<[string, PromptReading | undefined, string | null]>([
    ['is not told where it is not known', undefined, null],
    ['is not told where nothing but the usual happened', cold, null],
    ['names why it was read anew', { ...cold, reason: 'not-tested' }, `20 (${texts.reasons['not-tested']})`],
    ['says that it was compared', { ...cold, compared: true }, `20 (${texts.compared})`],
    [
      'says that no comparison spoke for it when it read on',
      { ...reused, awaitsComparison: true },
      `3 (${texts.notCompared})`,
    ],
    [
      'says so, too, where it was read in two parts',
      { ...cold, awaitsComparison: true },
      `20 (${texts.notCompared})`,
    ],
    ['is a number where its beginning was reused', reused, '3'],
    [
      'keeps the reason of those among several that were not',
      { ...reused, reason: 'check-failed', compared: true },
      `3 (some of them anew: ${texts.reasons['check-failed']})`,
    ],
    [
      'says that it was read one by one',
      { ...cold, path: 'stepwise', reason: 'self-test-failed' },
      '20 (one by one)',
    ],
  ])('%s', (_, reading, told) => {
    const facts = readingFacts(reading, locale)
    expect(facts[0] ?? null).toEqual(told && [texts.tokens, told])
    expect(facts.length).toBe(told === null ? 0 : reading!.tokensReused > 0 ? 2 : 1)
  })

  it('has other names for the prompts that score steps, so that both can stand in one list', () => {
    const names = [...readingFacts(reused, locale), ...readingFacts(reused, locale, texts.scoring)].map(
      ([name]) => name,
    )
    expect(new Set(names).size).toBe(4)
  })
})
