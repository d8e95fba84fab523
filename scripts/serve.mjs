#!/usr/bin/env node
// Serves a built Somnus: `node serve.mjs [FOLDER] [--port N] [--base /PATH/] [--host ADDRESS] [--cert FILE --key FILE]`.
// One file without packages, so that a folder that holds it beside the built site can be carried anywhere.
import { createReadStream, readFileSync, realpathSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { networkInterfaces } from 'node:os'
import { dirname, extname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const DEFAULT_PORT = 4173

const USAGE = `Usage: node serve.mjs [FOLDER] [options]
  FOLDER           the built site; by default the folder of this file, or dist
  --port N         by default ${DEFAULT_PORT}
  --base /PATH/    serve the site below this path
  --host ADDRESS   0.0.0.0 lets other computers in; by default only this one
  --cert FILE --key FILE   serve https`

/** Ports after the default one that are tried when it is taken. */
const FURTHER_PORTS = 20

/** Browsers keep models and runs by address, port included: another port looks like an empty Somnus. */
const OTHER_PORT = (port) =>
  `Port ${DEFAULT_PORT} is in use (is Somnus running already?), so this is port ${port}. What a browser stored at one port is not seen at another.`

const NOT_SECURE =
  'Other computers need https: over plain http a browser gives no GPU and no use without a network. Add --cert and --key (see docs/deploy.md).'

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}
/** Files without an extension that are text. */
const TEXT_NAMES = new Set(['_headers', 'SHA256SUMS', 'LICENSE'])

/**
 * The rules of a `_headers` file as Netlify and Cloudflare Pages read it: a line with a path, which may end in `*`,
 * then indented `Name: value` lines.
 */
export function readHeaderRules(text) {
  const rules = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    if (!/^\s/.test(line)) {
      rules.push({ pattern: line.trim(), headers: [] })
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0) rules.at(-1)?.headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
  }
  return rules
}

/** The headers of a path below the site's root, with its "/"; equal names of several rules are joined. */
export function headersOf(rules, path) {
  const headers = {}
  for (const { pattern, headers: pairs } of rules) {
    const matches = pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
    if (!matches) continue
    for (const [name, value] of pairs) headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return headers
}

/** First and last byte of a Range header; 'whole' if it asks for what we answer whole, 'none' if no byte is there. */
export function readRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return 'whole'
  const [first, last] =
    match[1] === ''
      ? [Math.max(0, size - Number(match[2])), size - 1]
      : [Number(match[1]), match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)]
  if (match[1] !== '' && match[2] !== '' && Number(match[2]) < Number(match[1])) return 'whole'
  return first < size && first <= last ? { first, last } : 'none'
}

/** The file that a path below the root names, links followed; undefined if it is none or lies outside the folder. */
function findFile(folder, path) {
  if (/[\0\\]/.test(path) || path.split('/').some((part) => part === '..' || part === '.git'))
    return undefined
  try {
    const file = realpathSync(join(folder, path.endsWith('/') ? `${path}index.html` : path))
    const stat = statSync(file)
    if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep) || !stat.isFile()) return undefined
    return {
      file,
      size: stat.size,
      tag: `"${stat.size.toString(16)}-${Math.round(stat.mtimeMs).toString(16)}"`,
    }
  } catch {
    return undefined
  }
}

/** "/", or "/some/path/" for any way of writing it. */
export function normalBase(base) {
  const inner = base.replace(/^\/+|\/+$/g, '')
  return inner === '' ? '/' : `/${inner}/`
}

/** The path that a request asks for, decoded; undefined if it is malformed. */
function requestedPath(url) {
  const path = url.split(/[?#]/, 1)[0]
  try {
    return path.startsWith('/') ? decodeURIComponent(path) : undefined
  } catch {
    return undefined
  }
}

function typeOf(file) {
  const name = file.slice(file.lastIndexOf(sep) + 1)
  return TEXT_NAMES.has(name) ? TYPES['.txt'] : (TYPES[extname(name)] ?? 'application/octet-stream')
}

/** Answers requests for the files of a built site, with the headers of its `_headers`. */
export function siteHandler(folder, base = '/') {
  const root = realpathSync(folder)
  const rules = readHeaderRules(readFileSync(join(root, '_headers'), 'utf8'))
  const prefix = normalBase(base)
  return (request, response) => {
    const say = (status, headers = {}) => {
      response.writeHead(status, {
        'Content-Type': TYPES['.txt'],
        'X-Content-Type-Options': 'nosniff',
        ...headers,
      })
      response.end(request.method === 'HEAD' ? undefined : `${status}\n`)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, { Allow: 'GET, HEAD' })
    const path = requestedPath(request.url ?? '')
    if (path === undefined) return say(400)
    if (`${path}/` === prefix) return say(308, { Location: prefix })
    if (!path.startsWith(prefix)) return say(404)
    const below = path.slice(prefix.length - 1)
    const found = findFile(root, below)
    if (!found) return say(404)
    const headers = {
      // Where the build says nothing: a browser asks each time and gets 304.
      'Cache-Control': 'no-cache',
      ...headersOf(rules, below),
      'Accept-Ranges': 'bytes',
      'Content-Type': typeOf(found.file),
      ETag: found.tag,
    }
    if (request.headers['if-none-match'] === found.tag) return void response.writeHead(304, headers).end()
    const wanted = request.headers['if-range'] ?? found.tag
    const range = wanted === found.tag ? readRange(request.headers.range, found.size) : 'whole'
    if (range === 'none') return say(416, { 'Content-Range': `bytes */${found.size}` })
    const { first, last } = range === 'whole' ? { first: 0, last: found.size - 1 } : range
    response.writeHead(range === 'whole' ? 200 : 206, {
      ...headers,
      'Content-Length': last - first + 1,
      ...(range === 'whole' ? {} : { 'Content-Range': `bytes ${first}-${last}/${found.size}` }),
    })
    if (request.method === 'HEAD' || found.size === 0) return void response.end()
    createReadStream(found.file, { start: first, end: last })
      // A file that cannot be read after all: the connection breaks rather than look complete.
      .on('error', () => response.destroy())
      .pipe(response)
  }
}

/**
 * Starts serving; resolves with the server and the address to open. Rejects with code EADDRINUSE when the port is
 * taken; port 0 takes any free one.
 */
export function serve({ folder, port = DEFAULT_PORT, base = '/', host = 'localhost', cert, key }) {
  const handler = siteHandler(folder, base)
  const isSecure = cert !== undefined && key !== undefined
  const server = isSecure
    ? createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) }, handler)
    : createServer(handler)
  return new Promise((resolvePromise, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const everyone = host === '0.0.0.0' || host === '::'
      const name = everyone ? 'localhost' : host.includes(':') ? `[${host}]` : host
      const url = (at) => `${isSecure ? 'https' : 'http'}://${at}:${server.address().port}${normalBase(base)}`
      resolvePromise({ server, url: url(name), otherUrls: everyone ? ownAddresses().map(url) : [] })
    })
  })
}

/** Serves at the named port, or without one at the default port or the first free one after it. */
export async function serveAtFreePort({ port, ...options }) {
  if (port !== undefined) return serve({ ...options, port })
  for (let tried = DEFAULT_PORT; ; tried++) {
    try {
      const served = await serve({ ...options, port: tried })
      if (tried !== DEFAULT_PORT) console.log(OTHER_PORT(tried))
      return served
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || tried === DEFAULT_PORT + FURTHER_PORTS) throw error
    }
  }
}

/** This computer's IPv4 addresses as others see them. */
function ownAddresses() {
  return Object.values(networkInterfaces())
    .flat()
    .filter((entry) => entry && entry.family === 'IPv4' && !entry.internal)
    .map(({ address }) => address)
}

/** The words of the command line; undefined if they are wrong. */
function readArguments(args) {
  try {
    const option = { type: 'string' }
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: option,
        base: option,
        host: option,
        cert: option,
        key: option,
        help: { type: 'boolean' },
      },
    })
    const port = values.port === undefined ? undefined : Number(values.port)
    const isPort = port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)
    const hasHalfACertificate = (values.cert === undefined) !== (values.key === undefined)
    if (values.help || !isPort || positionals.length > 1 || hasHalfACertificate) return undefined
    return { ...values, port, folder: positionals[0] ?? builtFolder() }
  } catch {
    return undefined
  }
}

/** Beside this file where it was carried with the site, else dist. */
function builtFolder() {
  const here = dirname(fileURLToPath(import.meta.url))
  return (
    [here, 'dist'].find((folder) => statSync(join(folder, '_headers'), { throwIfNoEntry: false })) ?? here
  )
}

async function main() {
  const options = readArguments(process.argv.slice(2))
  if (!options) {
    console.error(USAGE)
    return 2
  }
  try {
    const { url, otherUrls } = await serveAtFreePort(options)
    console.log(`Somnus is running at ${url}`)
    if (otherUrls.length > 0) console.log(`From other computers: ${otherUrls.join(' ')}`)
    if (options.host && !options.cert && !/^(localhost|127\.|::1$)/.test(options.host))
      console.log(NOT_SECURE)
    console.log('Stop it with Ctrl+C.')
    return 0
  } catch (error) {
    if (error.code === 'EADDRINUSE')
      console.error(`Port ${options.port} is in use. Choose another with --port.`)
    else if (error.code === 'ENOENT')
      console.error(`No built Somnus in ${resolve(options.folder)}: ${error.message}`)
    else console.error(error.message)
    return 1
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main()
}
