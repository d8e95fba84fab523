import { describe, expect, it } from 'vitest'
import { DOWNLOAD_FOLDER, headersFile, headersOf, metaPolicy, policyOf } from '#core/privacy/policy'

function directive(policy: string, name: string): string[] {
  const found = policy.split('; ').find((part) => part.startsWith(`${name} `))
  return found?.split(' ').slice(1) ?? []
}

/** The rules of a `_headers` file: a pattern, and the headers below it. */
function rules(text: string): { pattern: string; headers: string[] }[] {
  const found: { pattern: string; headers: string[] }[] = []
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('  ')) found.at(-1)?.headers.push(line.slice(2))
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
      expect(directive(policyOf(path, 'any-host'), 'connect-src')).toEqual(["'self'", 'blob:'])
    },
  )

  it('lets the workers that fetch for the user reach the hosts that the user names', () => {
    const sources = directive(policyOf(`${DOWNLOAD_FOLDER}/models-abc.js`, 'any-host'), 'connect-src')
    expect(sources).toEqual(["'self'", 'blob:', 'https:', 'http:'])
  })

  const CHOSEN = ['https://huggingface.co', 'http://mirror.local:8080']
  const OPENED = [CHOSEN[0], 'https://*.hf.co', 'https://*.huggingface.co', CHOSEN[1]]
  const worker = `${DOWNLOAD_FOLDER}/models-abc.js`
  it.each([
    ['the chosen hosts while open', worker, { locked: false, hosts: CHOSEN }, OPENED],
    ['no host while locked', worker, { locked: true, hosts: CHOSEN }, []],
    ['no host where none was chosen', worker, { locked: false, hosts: [] }, []],
    ['no host to what only begins like a worker', 'downloads.js', { locked: false, hosts: CHOSEN }, []],
    [
      'no host to the engine, whatever was chosen',
      'assets/engine-abc.js',
      { locked: false, hosts: CHOSEN },
      [],
    ],
  ])('opens %s', (_, path, state, hosts) => {
    expect(directive(policyOf(path, state), 'connect-src')).toEqual(["'self'", 'blob:', ...hosts])
  })

  it.each(['', `${DOWNLOAD_FOLDER}/models-abc.js`])('runs no script from elsewhere in "%s"', (path) => {
    expect(directive(policyOf(path, 'any-host'), 'script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"])
  })
})

describe('what only some browsers hold to', () => {
  const open = { locked: false, hosts: ['https://huggingface.co'] }
  const locked = { ...open, locked: true }
  const allowlist = (path: string, state: Parameters<typeof headersOf>[1]) =>
    headersOf(path, state)['Connection-Allowlist']

  it.each([
    ['the locked page reaches nothing else, by no link either', '', locked, '(response-origin)'],
    [
      'the open page may lead elsewhere, but not by WebRTC',
      '',
      open,
      expect.stringContaining('webrtc=block'),
    ],
    [
      'a host without a service worker: as open',
      'index.html',
      'any-host',
      expect.stringContaining('webrtc=block'),
    ],
    ['the engine reaches nothing else', 'assets/engine-abc.js', open, '(response-origin)'],
    ['a locked download worker neither', `${DOWNLOAD_FOLDER}/models-abc.js`, locked, '(response-origin)'],
    ['an open one is held by its other policy', `${DOWNLOAD_FOLDER}/models-abc.js`, open, undefined],
  ] as const)('%s', (_, path, state, expected) => {
    expect(allowlist(path, state)).toEqual(expected)
  })

  it('a page can read under which policy it was sent', () => {
    const under = (state: Parameters<typeof headersOf>[1]) => headersOf('', state)['Server-Timing']
    expect([under('any-host'), under(open), under(locked)]).toEqual([
      'policy;desc="host"',
      'policy;desc="open"',
      'policy;desc="locked"',
    ])
    expect(headersOf('assets/engine-abc.js', locked)).not.toHaveProperty('Server-Timing')
  })
})

describe('the policy inside the page', () => {
  it('says what the header says, except what a meta element may not say', () => {
    const header = policyOf('index.html', 'any-host').split('; ')
    expect(metaPolicy().split('; ')).toEqual(header.filter((part) => !part.startsWith('frame-ancestors')))
    expect(header).toContain("require-trusted-types-for 'script'")
  })
})

describe('_headers', () => {
  const files = ['', 'index.html', 'sw.js', 'SHA256SUMS', 'manifest.webmanifest', 'assets/engine-abc.js']
  it.each([...files, `${DOWNLOAD_FOLDER}/models-abc.js`])(
    'gives "/%s" what the service worker gives it, each header from one rule, since hosts join those of all rules',
    (path) => {
      const lines = rules(headersFile())
        .filter(({ pattern }) => matches(pattern, `/${path}`))
        .flatMap(({ headers }) => headers)
      const expected = Object.entries(headersOf(path, 'any-host')).map(([name, value]) => `${name}: ${value}`)
      expect(lines.toSorted()).toEqual(expected.toSorted())
    },
  )

  it('lets browsers keep what is named by its content, and only that', () => {
    const keeping = (path: string) => headersOf(path, 'any-host')['Cache-Control']
    expect(files.map(keeping)).toEqual([
      ...Array<string>(5).fill('no-cache'),
      expect.stringContaining('immutable'),
    ])
    expect(keeping('models/formulary.gguf')).toBeUndefined()
  })
})
