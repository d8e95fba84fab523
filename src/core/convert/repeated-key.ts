/** JSON objects that give one name twice: `JSON.parse` would silently take the last. */

/**
 * The first name that the outermost object of a JSON text has twice; null for none. Names with escapes are compared
 * as they are meant. A text that is no JSON gives any answer.
 */
export function repeatedKey(text: string): string | null {
  const seen = new Set<string>()
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === '"') {
      const end = endOfString(text, at)
      if (depth === 1 && /^\s*:/.test(text.slice(end, end + 16))) {
        const key = unescaped(text.slice(at, end))
        if (seen.has(key)) return key
        seen.add(key)
      }
      at = end - 1
    }
  }
  return null
}

/** The index after the closing quote. */
function endOfString(text: string, open: number): number {
  let at = open + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}
