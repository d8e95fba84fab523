import type { Canary } from '#core/privacy/canary'
import type { Evidence, Verdict } from '#core/privacy/self-test'
import type { Messages } from '#i18n/locale.svelte'

type Words = Messages['proof']['test']

/** The key of the word for a verdict. */
export function verdictWord(verdict: Verdict): keyof Words['results'] {
  return verdict.kind === 'through' && verdict.byDesign ? 'byDesign' : verdict.kind
}

/** Who refused a canary, or what happened instead. */
export function verdictText({ id, realm }: Canary, verdict: Verdict, words: Words): string {
  switch (verdict.kind) {
    case 'refused':
      return verdict.evidence.map((evidence) => evidenceText(evidence, words)).join(' · ')
    case 'unproven':
      return verdict.detail === null ? words.silent : words.failed(verdict.detail)
    case 'through':
      return verdict.how === 'answered' ? words.answered : words.letOut
    case 'untestable': {
      const { untestableWhy } = words
      if (realm === 'service-worker') return untestableWhy[realm]
      return id in untestableWhy ? untestableWhy[id as keyof typeof untestableWhy] : untestableWhy.other
    }
  }
}

function evidenceText(evidence: Evidence, { evidence: words }: Words): string {
  return evidence.by === 'policy' ? words.policy(evidence.directive) : words[evidence.by]
}

/** To the second: requests of one moment belong together. */
export function timeOf(tag: string, at: number): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'short', timeStyle: 'medium' }).format(at)
}
