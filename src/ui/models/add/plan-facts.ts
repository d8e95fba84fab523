import { hostOf } from '#app/model-failure-text'
import { totalBytes, type ModelPlan } from '#core/model/stored'
import type { Locale } from '#i18n/locale.svelte'

export interface PlanFact {
  label: string
  text: string
  /** What a word of it means. */
  hint?: string
}

/** What a user should know of a model before it is stored; `isImport`: its files come from a disk. */
export function planFacts(plan: ModelPlan, isImport: boolean, locale: Locale): PlanFact[] {
  const t = locale.t.store
  const { origin, runtime, files } = plan
  const kind =
    origin.kind === 'pack'
      ? `${t.kinds.pack}${locale.colon}${t.engines[runtime.engine]}`
      : t.kinds[runtime.engine]
  const facts: PlanFact[] = [
    { label: t.reviewKind, text: kind },
    {
      label: t.reviewSize,
      text: t.reviewFiles(locale.bytes(totalBytes(files)), locale.number(files.length)),
    },
    { label: t.architecture, text: architectureText(plan, locale) },
    { label: t.reviewQuantization, text: plan.quantization, hint: t.reviewQuantizationHint },
    { label: t.memory, text: locale.bytes(plan.memoryMB * 1e6) },
    { label: t.contextTokens, text: t.tokens(locale.number(plan.contextTokens)) },
  ]
  const library = files.find(({ role }) => role === 'library')
  if (library) {
    const fetched = isImport && origin.kind === 'files' && library.url !== null
    facts.push({
      label: t.reviewLibrary,
      text: libraryName(library.url ?? library.path),
      ...(fetched ? { hint: t.reviewLibraryFetched(hostOf(library.url ?? '')) } : {}),
    })
  }
  facts.push({
    label: t.reviewChecks,
    text: files.every(({ expected }) => expected !== null) ? t.checksAll : t.checksSome,
  })
  if (origin.kind !== 'files') facts.push({ label: t.source, text: sourceText(origin) })
  return facts
}

function architectureText({ architecture, parameters }: ModelPlan, locale: Locale): string {
  if (parameters === null) return architecture
  return `${architecture} · ${locale.t.models.parameters(locale.compact(parameters))}`
}

function libraryName(place: string): string {
  return place.split(/[?#]/)[0]?.split('/').at(-1) ?? place
}

function sourceText(origin: Exclude<ModelPlan['origin'], { kind: 'files' }>): string {
  const place = origin.kind === 'pack' ? (origin.address ?? origin.name) : origin.address
  return origin.revision ? `${place} (${origin.revision.slice(0, 7)})` : place
}
