import { describe, expect, it, test } from 'vitest'
import { bleuCounts, corpusBleu, sentenceBleu } from '#core/open-ended/bleu'
import { chrf, chrfCounts } from '#core/open-ended/chrf'
import { rouge } from '#core/open-ended/rouge'
import golden from '../../fixtures/open-ended/sacrebleu.json'

const LANGUAGES = ['en', 'zh'] as const
const pairs = golden.pairs as {
  language: 'en' | 'zh'
  candidate: string
  reference: string
  bleu: number
  chrf: number
}[]

describe('BLEU and chrF give what sacreBLEU gives', () => {
  test.each(pairs)('$language "$candidate"', ({ language, candidate, reference, ...expected }) => {
    expect(sentenceBleu(bleuCounts(candidate, reference, language))).toBeCloseTo(expected.bleu, 8)
    expect(chrf([chrfCounts(candidate, reference)])).toBeCloseTo(expected.chrf, 8)
  })

  test.each(LANGUAGES)('of the %s pairs together', (language) => {
    const own = pairs.filter((pair) => pair.language === language)
    const counts = own.map(({ candidate, reference }) => bleuCounts(candidate, reference, language))
    expect(corpusBleu(counts)).toBeCloseTo(golden.corpus[language].bleu, 8)
    const characters = own.map(({ candidate, reference }) => chrfCounts(candidate, reference))
    expect(chrf(characters)).toBeCloseTo(golden.corpus[language].chrf, 8)
  })

  it('without any pair is 0', () => {
    expect(corpusBleu([])).toBe(0)
    expect(chrf([])).toBe(0)
  })
})

describe('ROUGE', () => {
  it('gives the values that Google publishes with rouge_score', () => {
    const reference = 'The quick brown fox jumps over the lazy dog'
    const { rouge1, rougeL } = rouge('The quick brown dog jumps on the log.', reference, 'en')
    expect(rouge1).toBeCloseTo(0.7058823529411765, 12)
    expect(rougeL).toBeCloseTo(0.5882352941176471, 12)
  })

  it('counts neighbours, and subsequences with gaps', () => {
    expect(rouge('testing', 'testing one two', 'en')).toEqual({ rouge1: 0.5, rouge2: 0, rougeL: 0.5 })
    // Common: "one two" of (one two) and (one, two, three); "two one" is in no order of the reference.
    expect(rouge('one two', 'one two three', 'en')).toEqual({ rouge1: 0.8, rouge2: 2 / 3, rougeL: 0.8 })
    expect(rouge('two one', 'one two three', 'en')).toEqual({ rouge1: 0.8, rouge2: 0, rougeL: 0.4 })
  })

  it('cuts Chinese by character, without punctuation', () => {
    expect(rouge('静脉麻醉。', '静脉，全身麻醉', 'zh')).toEqual({ rouge1: 0.8, rouge2: 0.5, rougeL: 0.8 })
  })

  it('of nothing is 0', () => {
    expect(rouge('', '', 'en')).toEqual({ rouge1: 0, rouge2: 0, rougeL: 0 })
    expect(rouge('。', 'a', 'zh').rouge1).toBe(0)
  })
})
