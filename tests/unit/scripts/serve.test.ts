import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { normalBase, readRange, serve } from '../../../scripts/serve.mjs'

const HEADERS = `/*
  X-Content-Type-Options: nosniff
/assets/*
  Content-Security-Policy: assets
  Cache-Control: immutable
/
  Content-Security-Policy: page
`

let folder: string
let stop: () => void
let port: number

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Sends the path as it stands; fetch would tidy it first. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('latin1')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end()
  })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-serve-'))
  const site = join(folder, 'site')
  mkdirSync(join(site, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'site-too.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(site, 'link.txt'))
  writeFileSync(join(site, '_headers'), HEADERS)
  writeFileSync(join(site, 'index.html'), '<p>start</p>')
  writeFileSync(join(site, 'assets', 'engine.js'), '0123456789')
  writeFileSync(join(site, 'assets', 'a b.json'), '{}')
  writeFileSync(join(site, 'assets', 'library.wasm'), '')
  const { server } = await serve({ folder: site, port: 0, base: 'some/base', host: '127.0.0.1' })
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
  stop = () => server.close()
})
afterAll(() => {
  stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('the files', () => {
  it.each([
    ['/some/base/', 'text/html; charset=utf-8', '<p>start</p>', 'page'],
    ['/some/base/?evaluate', 'text/html; charset=utf-8', '<p>start</p>', 'page'],
    ['/some/base/assets/engine.js', 'text/javascript; charset=utf-8', '0123456789', 'assets'],
    ['/some/base/assets/a%20b.json', 'application/json; charset=utf-8', '{}', 'assets'],
    ['/some/base/assets/library.wasm', 'application/wasm', '', 'assets'],
  ])('%s comes as %s with the headers of the build', async (path, type, body, policy) => {
    const answer = await ask(path)
    expect(answer).toMatchObject({ status: 200, body })
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'cache-control': policy === 'page' ? 'no-cache' : 'immutable',
    })
  })

  it('sends no body for HEAD, and does nothing but read', async () => {
    expect(await ask('/some/base/assets/engine.js', {}, 'HEAD')).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '10' },
    })
    expect(await ask('/some/base/', {}, 'POST')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    })
  })

  it('answers 304 for the tag it gave', async () => {
    const { headers } = await ask('/some/base/assets/engine.js')
    const again = await ask('/some/base/assets/engine.js', { 'if-none-match': String(headers.etag) })
    expect(again).toMatchObject({ status: 304, body: '', headers: { 'content-security-policy': 'assets' } })
  })
})

describe('addresses', () => {
  it('leads to the base path with its slash, and knows nothing beside it', async () => {
    expect(await ask('/some/base')).toMatchObject({ status: 308, headers: { location: '/some/base/' } })
    expect((await ask('/')).status).toBe(404)
    expect((await ask('/assets/engine.js')).status).toBe(404)
  })

  it.each([
    '/some/base/../secret.txt',
    '/some/base/%2e%2e/secret.txt',
    '/some/base/..%2fsecret.txt',
    '/some/base/assets/../../secret.txt',
    '/some/base/..%5csecret.txt',
    '/some/base/%2e%2e%2fsite-too.txt',
    '/some/base//../secret.txt',
    '/some/base/link.txt',
    '/some/base/index.html%00.js',
    '/some/base/assets',
    '/some/base/assets/',
  ])('finds nothing at %s', async (path) => {
    const answer = await ask(path)
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('secret')
  })

  it.each(['/some/base/%zz', 'http://elsewhere/some/base/'])('refuses %s', async (path) => {
    expect((await ask(path)).status).toBe(400)
  })

  it.each([
    ['', '/'],
    ['/', '/'],
    ['somnus', '/somnus/'],
    ['/some/base/', '/some/base/'],
  ])('takes the base %j as %s', (base, expected) => {
    expect(normalBase(base)).toBe(expected)
  })
})

describe('ranges', () => {
  it.each([
    ['bytes=2-4', { first: 2, last: 4 }],
    ['bytes=7-', { first: 7, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
    ['bytes=4-400', { first: 4, last: 9 }],
    ['bytes=10-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=4-2', 'whole'],
    ['bytes=0-1,4-5', 'whole'],
    ['bytes=-', 'whole'],
    ['items=0-1', 'whole'],
    [undefined, 'whole'],
  ])('%s of ten bytes', (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected)
  })

  it('sends the part, or says that there is none', async () => {
    expect(await ask('/some/base/assets/engine.js', { range: 'bytes=2-4' })).toMatchObject({
      status: 206,
      body: '234',
      headers: { 'content-range': 'bytes 2-4/10', 'content-length': '3' },
    })
    expect(await ask('/some/base/assets/engine.js', { range: 'bytes=10-' })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */10' },
    })
  })

  it('sends the whole file if it is no longer the one that the first part came from', async () => {
    const headers = { range: 'bytes=2-4', 'if-range': '"another"' }
    expect(await ask('/some/base/assets/engine.js', headers)).toMatchObject({
      status: 200,
      body: '0123456789',
    })
  })
})
