/** Whether two plans describe one and the same run, field by field, so that a refusal can say what differs. */
import type { RunStart } from '../run/history'
import type { RunPlan } from '../run/types'

/** In the order in which differences are told. */
export const IDENTITY_FIELDS = [
  'items',
  'weights',
  'library',
  'tokenizer',
  'quantization',
  'protocol',
  'prompts',
  'examples',
  'design',
  'languages',
  'levels',
  'sampleSize',
  'seed',
  'strata',
  'rotationShare',
  'temperature',
  'topP',
  'maxTokens',
  'decodingSeed',
  'strategy',
  'minutes',
  'halfWidth',
  'of',
  'app',
] as const
export type IdentityField = (typeof IDENTITY_FIELDS)[number]

/** What of a run says which run it is a part of. */
export interface IdentifiedRun {
  plan: RunPlan
  starts: readonly Pick<RunStart, 'engine'>[]
}

/**
 * The value of a field as text, equal exactly if the field is; null where it is not known. Left out are the names of
 * model and dataset and the hash of the dataset's file: what they name is compared by content.
 */
export function identityOf({ plan, starts }: IdentifiedRun, field: IdentityField): string | null {
  const { selection, decoding, budget } = plan
  switch (field) {
    case 'items':
      return plan.dataset.itemsSha256
    case 'weights':
      return each(starts.map(({ engine }) => engine.fingerprint))
    case 'library':
      return each(starts.map(({ engine }) => engine.librarySha256))
    case 'tokenizer':
      return each(starts.map(({ engine }) => engine.tokenizerSha256))
    case 'quantization':
      return plan.model.quantization
    case 'protocol':
      return plan.protocol
    case 'prompts':
      return plan.promptSha256
    case 'examples':
      return plan.shots === null
        ? '0'
        : JSON.stringify([
            plan.shots.count,
            plan.shots.pool.itemsSha256,
            plan.shots.items.map(({ id }) => id),
          ])
    case 'design':
    case 'seed':
    case 'sampleSize':
      return String(selection[field])
    case 'languages':
      return selection.languages.toSorted().join(', ')
    case 'levels':
      return selection.levels.map(String).toSorted().join(', ')
    case 'strata':
      return plan.strata
        .map(({ language, level, sampled, population }) => `${language}/${level}: ${sampled}/${population}`)
        .toSorted()
        .join(', ')
    case 'rotationShare':
      return String(plan.rotationShare)
    case 'temperature':
    case 'topP':
    case 'maxTokens':
      return String(decoding[field])
    case 'decodingSeed':
      return String(decoding.seed)
    case 'strategy':
      return plan.strategy ? strategyText(plan.strategy) : '–'
    case 'minutes':
    case 'halfWidth':
      return String(budget[field])
    case 'of':
      return String(plan.split?.of ?? 1)
    case 'app':
      return plan.appVersion
  }
}

/** The fields in which two runs differ; a value that one of them does not know is no difference. */
export function identityDifferences(
  left: IdentifiedRun,
  right: IdentifiedRun,
): { field: IdentityField; values: [string, string] }[] {
  return IDENTITY_FIELDS.flatMap((field) => {
    const values = [identityOf(left, field), identityOf(right, field)] as const
    if (values[0] === null || values[1] === null || values[0] === values[1]) return []
    return [{ field, values: [values[0], values[1]] as [string, string] }]
  })
}

/** Such as "vote-sum min N ≤ 16": N is the most where sampling may stop early. */
function strategyText(strategy: NonNullable<RunPlan['strategy']>): string {
  const { kind, samples, stopsEarly } = strategy
  const aggregate = 'aggregate' in strategy ? [strategy.aggregate] : []
  return [kind, ...aggregate, stopsEarly ? `N ≤ ${samples}` : `N = ${samples}`].join(' ')
}

/** Each different value once; null when one of them is not known, or there is none. */
function each(values: readonly (string | null)[]): string | null {
  const known = values.filter((value) => value !== null)
  if (known.length < values.length || known.length === 0) return null
  return [...new Set(known)].toSorted().join(', ')
}
