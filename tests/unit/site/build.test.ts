import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isServed, parseSums, sumsFile, type SiteBuild } from '#core/site/build'
import { mediaType } from '#core/site/media-type'
import { finishSite } from '../../../scripts/site-build'

const CODE = 'const build = JSON.parse(`__SITE_BUILD__`); run(build)'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-build-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<html></html>')
  writeFileSync(join(folder, 'assets', 'start "a"-1.js'), 'start()\n')
  writeFileSync(join(folder, '_headers'), '/*\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = (name: string) => readFileSync(join(folder, name), 'utf8')

/** What the finished worker reads as its build. */
function inlined(): SiteBuild {
  const [, literal = ''] = /JSON\.parse\((.*)\); run/.exec(read('sw.js')) ?? []
  return JSON.parse(JSON.parse(literal) as string) as SiteBuild
}

test('SHA256SUMS lists every file but itself, with its hash', () => {
  finishSite(folder, CODE, '1.0')
  const names = ['_headers', 'assets/start "a"-1.js', 'index.html', 'sw.js']
  const lines = names.map((name) => `${createHash('sha256').update(read(name)).digest('hex')}  ${name}\n`)
  expect(read('SHA256SUMS')).toBe(lines.join(''))
})

test('the worker lists what pages may ask for, with the hashes of SHA256SUMS', () => {
  finishSite(folder, CODE, '1.0')
  const { version, files } = inlined()
  expect(version).toBe('1.0')
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['assets/start "a"-1.js', 8],
    ['index.html', 13],
  ])
  const sums = new Map(parseSums(read('SHA256SUMS'))?.map(({ path, sha256 }) => [path, sha256]))
  for (const { path, sha256 } of files) expect(sums.get(path)).toBe(sha256)
})

test('the same files give the same bytes, another file another id', () => {
  finishSite(folder, CODE, '1.0')
  const [worker, sums, { id }] = [read('sw.js'), read('SHA256SUMS'), inlined()]
  finishSite(folder, CODE, '1.0')
  expect([read('sw.js'), read('SHA256SUMS')]).toEqual([worker, sums])
  writeFileSync(join(folder, 'index.html'), '<html> </html>')
  finishSite(folder, CODE, '1.0')
  expect(inlined().id).not.toBe(id)
})

test.each(['run()', `${CODE};${CODE}`])('a worker without one place for the list is refused: %s', (code) => {
  expect(() => finishSite(folder, code, '1.0')).toThrow(/one place/)
})

test.each([
  ['', []],
  ['x\n', null],
  [`${'0'.repeat(64)}  a`, null],
  [`${'0'.repeat(63)}  a\n`, null],
  [`${'0'.repeat(64)}  a  b\n`, [{ path: 'a  b', sha256: '0'.repeat(64) }]],
])('parseSums(%j)', (text, files) => {
  expect(parseSums(text)).toEqual(files)
  if (files) expect(sumsFile(files)).toBe(text)
})

test.each([
  ['index.html', true],
  ['models/formulary.gguf', true],
  ['sw.js', false],
  ['SHA256SUMS', false],
  ['_headers', false],
])('isServed(%j) is %j', (path, served) => {
  expect(isServed(path)).toBe(served)
})

test.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['assets/a.b-c.JS', 'text/javascript; charset=utf-8'],
  ['assets/wllama-x.wasm', 'application/wasm'],
  ['models/formulary.gguf', 'application/octet-stream'],
  ['SHA256SUMS', 'text/plain; charset=utf-8'],
])('mediaType(%j) is %j', (path, type) => {
  expect(mediaType(path)).toBe(type)
})
