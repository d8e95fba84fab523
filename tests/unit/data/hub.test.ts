import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MAX_SOURCE_BYTES } from '#core/dataset/limits'
import { download, type DownloadPorts } from '#data/hub'
import { guardedFetch } from '#data/privacy/guarded-fetch'

let server: Server
let base: string

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/a_en.json') response.setHeader('content-length', 3).end('[1]')
    else if (request.url === '/chunked.json') {
      response.write('[1,2]')
      response.end()
    } else if (request.url === '/broken.json') {
      response.setHeader('content-length', 10)
      response.write('[1')
      setTimeout(() => response.destroy(), 50)
    } else if (request.url === '/huge.json') {
      response.setHeader('content-length', MAX_SOURCE_BYTES + 1)
      const piece = Buffer.alloc(8 * 1024 * 1024)
      const send = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', send)
      send()
    } else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const PLAIN: DownloadPorts = { fetch: (url, init) => fetch(url, init), policyOn: () => Promise.resolve(null) }

const get = (...paths: string[]) =>
  download(
    paths.map((path) => base + path),
    () => undefined,
    PLAIN,
  )

describe('downloading from the hub', () => {
  test('gives files by name, with progress over all of them', async () => {
    const progress: [number, number | null][] = []
    const files = await download(
      [`${base}/a_en.json`, `${base}/chunked.json`],
      (...seen) => progress.push(seen),
      PLAIN,
    )
    if (!files.ok) throw new Error(files.failure.kind)
    expect(files.value.map((file) => file.name)).toEqual(['a_en.json', 'chunked.json'])
    expect(await files.value[1]?.blob.text()).toBe('[1,2]')
    expect(progress).toEqual([
      [3, 3],
      [8, null],
    ])
  })

  test('an address that is not there', async () => {
    expect(await get('/a_en.json', '/gone.json')).toMatchObject({
      failure: { kind: 'download-failed', url: `${base}/gone.json`, status: 404 },
    })
  })

  test('a connection that breaks', async () => {
    expect(await get('/broken.json')).toMatchObject({ failure: { kind: 'download-failed', status: null } })
  })

  test('a server that cannot be reached', async () => {
    expect(await download(['http://127.0.0.1:1/x.json'], () => undefined, PLAIN)).toMatchObject({
      failure: { kind: 'download-failed', status: null },
    })
  })

  test('a host that the user has not chosen, and a redirect that the browser refused', async () => {
    const url = `${base}/a_en.json`
    const nobody = { read: () => Promise.resolve({ locked: false, hosts: [] }) }
    const guarded = { ...PLAIN, fetch: guardedFetch(PLAIN.fetch, nobody, 'https://somnus.example') }
    expect(await download([url], () => undefined, guarded)).toEqual({
      ok: false,
      failure: { kind: 'host-not-chosen', url },
    })
    const refused: DownloadPorts = {
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
      policyOn: () => Promise.resolve('redirect-not-chosen'),
    }
    expect(await download([url], () => undefined, refused)).toEqual({
      ok: false,
      failure: { kind: 'redirect-not-chosen', url },
    })
  })

  test('more than the limit', async () => {
    expect(await get('/huge.json')).toMatchObject({
      failure: { kind: 'too-large', file: 'huge.json', limitBytes: MAX_SOURCE_BYTES },
    })
  })
})
