/** The words of a protocol, as data: the built-in ones and those that users made from them. */
import type { ItemLanguage, PromptKind } from './question'

export type PromptSetId = string & { readonly brand: 'PromptSetId' }

/** Where a template takes something from the question; each may stand anywhere and more than once. */
export const PLACEHOLDERS = ['{letters}', '{question}', '{options}'] as const

/** One kind of prompt in both languages. */
export interface PromptTemplate {
  /** The system message; empty means none is sent. */
  system: Record<ItemLanguage, string>
  /**
   * The user message with its placeholders: `{letters}` is the letters to choose from ("A, B, C and D"), `{question}`
   * the stem, `{options}` one "X. text" line per option.
   */
  user: Record<ItemLanguage, string>
  /** What the assistant answers in a worked example: `{letter}` and `{text}` are those of the keyed option. */
  example: Record<ItemLanguage, string>
}

/** Named and versioned words for every kind of prompt; never changed once a run used them. */
export interface PromptSet {
  id: PromptSetId
  name: string
  /** Changes whenever a word of any template changes. */
  version: string
  templates: Record<PromptKind, PromptTemplate>
}

/** The templates of these kinds as text, for fingerprints: any change of wording changes this string. */
export function promptSource(
  { templates }: Pick<PromptSet, 'templates'>,
  kinds: readonly PromptKind[],
): string {
  return JSON.stringify(
    kinds.map((kind) => {
      const { system, user, example } = templates[kind]
      return [kind, ...[system, user, example].flatMap(({ en, zh }) => [en, zh])]
    }),
  )
}

/** Whether both sets say the same in every template, whatever they are called. */
export function sameWords(one: Pick<PromptSet, 'templates'>, other: Pick<PromptSet, 'templates'>): boolean {
  const kinds: readonly PromptKind[] = ['chain-of-thought', 'letter-only']
  return promptSource(one, kinds) === promptSource(other, kinds)
}

/** The version after `version`: its last number counted on, or a second one. */
export function nextVersion(version: string): string {
  const number = /\d+$/.exec(version)?.[0]
  if (number === undefined) return `${version}-2`
  return version.slice(0, -number.length) + String(Number(number) + 1)
}
