import { describe, expect, it } from 'vitest'
import { DOWNLOAD_FOLDER, headersFile, policyOf } from '../../headers.config.js'

function directive(policy: string, name: string): string[] {
  const found = policy.split('; ').find((part) => part.startsWith(`${name} `))
  return found?.split(' ').slice(1) ?? []
}

/** The rules of a `_headers` file: a pattern, and the headers below it. */
function rules(text: string): { pattern: string; headers: string[] }[] {
  const found: { pattern: string; headers: string[] }[] = []
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('  ')) found.at(-1)?.headers.push(line.slice(2, line.indexOf(':', 2)))
    else found.push({ pattern: line, headers: [] })
  }
  return found
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path
}

describe('content security policy', () => {
  it.each(['', 'index.html', 'assets/engine-abc.js', 'assets/index-abc.js'])(
    'keeps "%s", which sees prompts and replies, on its own site',
    (path) => {
      expect(directive(policyOf(path), 'connect-src')).toEqual(["'self'", 'blob:'])
    },
  )

  it('lets the workers that fetch for the user reach the hosts that the user names', () => {
    const sources = directive(policyOf(`${DOWNLOAD_FOLDER}/models-abc.js`), 'connect-src')
    expect(sources).toEqual(["'self'", 'blob:', 'https:', 'http:'])
  })

  it.each(['', `${DOWNLOAD_FOLDER}/models-abc.js`])('runs no script from elsewhere in "%s"', (path) => {
    expect(directive(policyOf(path), 'script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"])
  })
})

describe('_headers', () => {
  it.each(['/', '/index.html', '/assets/engine-abc.js', `/${DOWNLOAD_FOLDER}/models-abc.js`, '/icon.svg'])(
    'gives %s each header at most once, since hosts join those of all rules',
    (path) => {
      const names = rules(headersFile())
        .filter(({ pattern }) => matches(pattern, path))
        .flatMap(({ headers }) => headers)
      expect(names).toEqual([...new Set(names)])
      expect(names).toContain('Cross-Origin-Embedder-Policy')
      if (!path.endsWith('.svg')) expect(names).toContain('Content-Security-Policy')
    },
  )
})
