// npm run -s host-config -- nginx|apache [FOLDER] [BASE]: the headers of a built site, as a web server's configuration.
// FOLDER is where the site lies on the server (by default /srv/somnus), BASE its path (by default /).
import { readFileSync } from 'node:fs'
import { headersOf, normalBase, readHeaderRules } from './serve.mjs'

const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`

/** One location for each rule of `_headers`, with all headers of its files: nginx takes those of one place only. */
export function nginxConfig(rules, folder, base) {
  const root = folder.replace(/\/+$/, '')
  const locations = rules.map(({ pattern }) => {
    const below = pattern.replace(/\*$/, '')
    const path = below === '/' && pattern.endsWith('*') ? '/other' : below
    const lines = Object.entries(headersOf(rules, path)).map(
      ([name, value]) => `  add_header ${name} ${quoted(value)} always;`,
    )
    const place = `${base}${below.slice(1)}`
    const isFolder = pattern.endsWith('*')
    const head = isFolder ? `location ${place}` : `location = ${place}`
    // The page itself, asked for by its folder: nginx would look for its index again.
    if (pattern === '/') return [`${head} {`, `  rewrite ^ ${base}index.html last;`, '}'].join('\n')
    return [`${head} {`, `  alias ${root}${below};`, ...lines, '}'].join('\n')
  })
  return `${locations.join('\n')}\n`
}

/** One section for each rule; Apache joins them, so that each holds only its own headers. */
export function apacheConfig(rules, folder, base) {
  const alias = base === '/' ? [] : [`Alias ${quoted(base)} ${quoted(`${folder.replace(/\/+$/, '')}/`)}`]
  const sections = rules.map(({ pattern, headers }) => {
    const place = `${base}${pattern.slice(1)}`.replace(/[.+?^$()]/g, '[$&]')
    const match = pattern.endsWith('*') ? place.replace(/\*$/, '') : `${place}$`
    const lines = headers.map(([name, value]) => `  Header always set ${name} ${quoted(value)}`)
    return [`<LocationMatch ${quoted(`^${match}`)}>`, ...lines, '</LocationMatch>'].join('\n')
  })
  return `${[...alias, ...sections].join('\n')}\n`
}

const KINDS = { nginx: nginxConfig, apache: apacheConfig }

const [kind, folder = '/srv/somnus', base = '/'] = process.argv.slice(2)
if (process.argv[1]?.endsWith('host-config.mjs')) {
  if (Object.hasOwn(KINDS, kind ?? '')) {
    const rules = readHeaderRules(readFileSync('dist/_headers', 'utf8'))
    process.stdout.write(KINDS[kind](rules, folder, normalBase(base)))
  } else {
    console.error('Usage: npm run -s host-config -- nginx|apache [FOLDER] [BASE]')
    process.exitCode = 2
  }
}
