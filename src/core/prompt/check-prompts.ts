/** What keeps a prompt set from being used. */
import { PLACEHOLDERS, type PromptSet, type PromptTemplate } from './prompt-set'
import type { ItemLanguage, PromptKind } from './question'

export const PROMPT_KINDS: readonly PromptKind[] = ['chain-of-thought', 'letter-only']
export const PROMPT_LANGUAGES: readonly ItemLanguage[] = ['en', 'zh']

export type TemplateField = keyof PromptTemplate
export const TEMPLATE_FIELDS: readonly TemplateField[] = ['system', 'user', 'example']

/** What a worked example's answer takes from its question. */
export const EXAMPLE_PLACEHOLDERS = ['{letter}', '{text}'] as const

/** Shown in lists, tables and charts. */
export const MOST_NAME_LENGTH = 80

/** More than the context of any model here holds. */
export const MOST_TEXT_LENGTH = 20_000

/** Where in a prompt set. */
export interface TemplatePlace {
  kind: PromptKind
  language: ItemLanguage
  field: TemplateField
}

export type PromptProblem =
  | { kind: 'name-missing' }
  | { kind: 'name-too-long' }
  | { kind: 'missing-placeholder'; place: TemplatePlace; placeholder: string }
  /** It would be sent as it stands: a slip of the pen, or one that this field does not know. */
  | { kind: 'unknown-placeholder'; place: TemplatePlace; placeholder: string }
  | { kind: 'too-long'; place: TemplatePlace }

/** All problems of name and texts, in the order of the fields; none means that the set can be used. */
export function promptProblems({ name, templates }: Pick<PromptSet, 'name' | 'templates'>): PromptProblem[] {
  const problems: PromptProblem[] = []
  if (name.trim() === '') problems.push({ kind: 'name-missing' })
  if (name.length > MOST_NAME_LENGTH) problems.push({ kind: 'name-too-long' })
  for (const kind of PROMPT_KINDS) {
    for (const language of PROMPT_LANGUAGES) {
      for (const field of TEMPLATE_FIELDS) {
        problems.push(...textProblems({ kind, language, field }, templates[kind][field][language]))
      }
    }
  }
  return problems
}

function textProblems(place: TemplatePlace, text: string): PromptProblem[] {
  const { allowed, needed } = rules(place)
  const missing = needed.filter((alternatives) => !alternatives.some((name) => text.includes(name)))
  const unknown = new Set([...text.matchAll(/\{[a-z]+\}/gi)].map(([name]) => name))
  return [
    ...missing.map(([placeholder = '']) => ({ kind: 'missing-placeholder' as const, place, placeholder })),
    ...[...unknown]
      .filter((placeholder) => !allowed.includes(placeholder))
      .map((placeholder) => ({ kind: 'unknown-placeholder' as const, place, placeholder })),
    ...(text.length > MOST_TEXT_LENGTH ? [{ kind: 'too-long' as const, place }] : []),
  ]
}

/** `needed`: of each inner list at least one must stand in the text. */
function rules({ kind, field }: TemplatePlace): {
  allowed: readonly string[]
  needed: readonly (readonly string[])[]
} {
  switch (field) {
    case 'system':
      return { allowed: [], needed: [] }
    case 'user':
      return { allowed: PLACEHOLDERS, needed: [['{question}'], ['{options}']] }
    case 'example':
      return {
        allowed: EXAMPLE_PLACEHOLDERS,
        // A pass asks for the letter right after the prompt, so an example without one would mislead it.
        needed: [kind === 'letter-only' ? ['{letter}'] : EXAMPLE_PLACEHOLDERS],
      }
  }
}
