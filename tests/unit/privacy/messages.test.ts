import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

function sources(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => [join(folder, name), readFileSync(join(folder, name), 'utf8')])
}

/** A listener for messages that is not a named port's, channel's or worker's. */
const LISTENER = /(?:^|[^.\w])(?:window\.|globalThis\.|self\.)?(?:addEventListener\('message'|onmessage\s*=)/m

test('no page listens to messages of windows, which any site could send', () => {
  const pages = [
    ...sources('src/app'),
    ...sources('src/ui'),
    ['src/main.ts', readFileSync('src/main.ts', 'utf8')] as const,
  ]
  expect(pages.filter(([, code]) => LISTENER.test(code)).map(([file]) => file)).toEqual([])
})

test('every listener of the service worker looks at the origin first', () => {
  const listeners = sources('src/sw').flatMap(([, code]) => code.split("addEventListener('message'").slice(1))
  expect(listeners.length).toBeGreaterThan(0)
  for (const body of listeners)
    expect(body.slice(0, 200)).toMatch(/event\.origin !== worker\.location\.origin/)
})
