import { failedStandings, type Condition, type RunConditions } from '#core/compare/conditions'
import type { EngineDescription } from '#core/engine'
import type { Locale } from '#i18n/locale.svelte'
import { strategyText } from '../results/strategy-text'

/** Hexadecimal digits that tell two hashes apart at a glance. */
const HASH_DIGITS = 12

/** What a run was in one condition, in the interface's language. */
export function conditionText(
  { plan, engines }: RunConditions,
  condition: Condition,
  locale: Locale,
): string {
  const texts = locale.t.compare
  const each = (of: (engine: EngineDescription) => string) => texts.list([...new Set(engines.map(of))])
  switch (condition) {
    case 'model':
      return plan.model.name
    case 'quantization':
      return plan.model.quantization
    case 'weights':
      return each((engine) => engine.fingerprint.slice(0, HASH_DIGITS))
    case 'protocol':
      return locale.t.protocol.names[plan.protocol]
    case 'strategy':
      return strategyText(plan.strategy ?? { kind: 'single' }, locale)
    case 'examples':
      return plan.shots
        ? texts.conditions.examples(locale.number(plan.shots.count), plan.shots.pool.name)
        : texts.conditions.noExamples
    case 'prompt':
      return `${plan.prompts.name} (${plan.promptSha256.slice(0, HASH_DIGITS)})`
    case 'decoding': {
      if (plan.protocol === 'letters') return '–'
      const { temperature, topP, maxTokens, seed } = plan.decoding
      const drawn =
        temperature === 0
          ? texts.conditions.greedy
          : texts.conditions.drawn(locale.number(temperature, 2), locale.number(topP, 2), String(seed))
      return texts.conditions.decoding(drawn, locale.number(maxTokens))
    }
    case 'reuse':
      return locale.t.reuse.facts[plan.reusePrompt ? 'reused' : 'anew']
    case 'data':
      return `${plan.dataset.name} (${plan.dataset.itemsSha256.slice(0, HASH_DIGITS)})`
    case 'selection': {
      const { sampleSize, languages, levels, seed, design } = plan.selection
      const labels = locale.t.results
      return [
        languages.map((language) => labels.languages[language]).join(' + '),
        levels.map((level) => labels.levelTags[level]).join(' + '),
        sampleSize === null
          ? labels.provenance.selectionAll
          : labels.provenance.selectionSample(locale.number(sampleSize)) +
            locale.bracketed(
              `${locale.t.protocol.designs[design]}${locale.semicolon}${labels.provenance.sampleSeed} ${seed}`,
            ),
        ...(plan.split
          ? [texts.conditions.part(locale.number(plan.split.part), locale.number(plan.split.of))]
          : []),
        ...(plan.origin.kind === 'rerun'
          ? [texts.conditions.rerun(locale.percent(plan.origin.share, 0))]
          : []),
      ].join(' · ')
    }
    case 'app':
      return plan.appVersion
    case 'engine':
      return each((engine) => `${engine.engine} ${engine.engineVersion}`)
    case 'device':
      return each((engine) => engine.device)
    case 'numbers': {
      const failed = failedStandings(engines)
      const { compare, verdicts } = locale.t.numerics
      return failed.length === 0 ? compare.agreed : texts.list(failed.map((standing) => verdicts[standing]))
    }
    case 'context':
      return each((engine) => locale.t.results.provenance.contextTokens(locale.number(engine.contextTokens)))
  }
}
