/** Words in braces in a prompt that a user may edit, which give place to a text of the study. */

/** Each `{word}` in `template` that `values` has gives place to its value. */
export function fillPlaceholders(template: string, values: Readonly<Record<string, string>>): string {
  // In one pass, so that a word in braces inside a value stays as it is.
  return template.replace(/\{[a-z]+\}/g, (word) => values[word] ?? word)
}

export type PlaceholderProblem =
  | { kind: 'missing-word'; word: string }
  /** It would be sent as it stands. */
  | { kind: 'unknown-word'; word: string }
  | { kind: 'too-long' }

/** What keeps an edited prompt from being used: each of `words` must stand in it, and no other word in braces. */
export function placeholderProblems(
  template: string,
  words: readonly string[],
  maxLength: number,
): PlaceholderProblem[] {
  const written = new Set([...template.matchAll(/\{[a-z]+\}/gi)].map(([word]) => word))
  return [
    ...words
      .filter((word) => !template.includes(word))
      .map((word) => ({ kind: 'missing-word', word }) as const),
    ...[...written]
      .filter((word) => !words.includes(word))
      .map((word) => ({ kind: 'unknown-word', word }) as const),
    ...(template.length > maxLength ? [{ kind: 'too-long' } as const] : []),
  ]
}
