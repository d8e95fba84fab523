import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { INDEX } from '#core/convert/checkpoint'
import { TEMPLATE_FILE } from '#core/convert/prepare'
import { TOKENIZER_COPIES } from '#core/convert/tokenizer'
import type { KnownLibrary } from '#core/model/known-libraries'
import { inspectAddress, lookAtAddress } from '#worker/models/inspect-address'
import { Hub, type HubBehaviour } from '../../hub/server'
import { withChatFiles } from '../convert/chat-files'
import { checkpoint } from '../convert/checkpoint-fixture'
import { never, testPorts } from '../transfer/fixtures'
import { inspectPorts, tinyLibrary } from './known-fixture'
import { libraryBytes, METADATA } from './library-fixture'
import { CONFIG, mlcFolder } from './mlc-fixture'

const REPOSITORY = 'owner/Tiny-q4f32_1-MLC'
const LIBRARY = 'https://raw.githubusercontent.com/libs/tiny.wasm'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let hub: Hub
let known: KnownLibrary[]
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())
beforeEach(() => {
  known = [tinyLibrary(LIBRARY)]
  hub.serve('/libs/tiny.wasm', libraryBytes(METADATA))
})
/** No weights may be fetched by looking. */
afterEach(() => {
  expect(hub.requests.filter(({ path }) => path.includes('params_shard'))).toEqual([])
  hub.requests.splice(0)
})

async function repository(
  options: Parameters<typeof mlcFolder>[0] = { library: null },
  behaviours: Partial<Record<string, HubBehaviour>> = {},
  name = REPOSITORY,
) {
  const files = await mlcFolder(options)
  return { files, commit: hub.serveRepository(name, Object.fromEntries(files), behaviours) }
}

function inspect(address: string, libraryUrl: string | null = null, signal = never) {
  const ports = { ...testPorts(), ...inspectPorts(known) }
  return inspectAddress(
    { address, libraryUrl, access: { mirror: hub.origin, token: null }, family: null },
    ports,
    signal,
  )
}

describe('a repository of the hub', () => {
  it('is planned at its commit, with the hashes that the hub tells', async () => {
    const { files, commit } = await repository()
    const result = await inspect(REPOSITORY)
    const base = `https://huggingface.co/${REPOSITORY}/resolve/${commit}/`
    const manifest = sha256(files.get('tensor-cache.json') as Uint8Array)
    const shard = files.get('params_shard_0.bin') as Uint8Array
    expect(result).toMatchObject({
      ok: true,
      value: {
        id: `own/tiny-q4f32_1-mlc-${manifest.slice(0, 8)}`,
        name: 'Tiny-q4f32_1-MLC',
        catalog: null,
        architecture: 'qwen2',
        memoryMB: 77,
        origin: { kind: 'remote', address: REPOSITORY, revision: commit },
      },
    })
    const planned = result.ok ? result.value.files : []
    expect(planned.find(({ path }) => path === 'params_shard_0.bin')).toEqual({
      path: 'params_shard_0.bin',
      role: 'weights',
      bytes: shard.length,
      expected: { algorithm: 'sha256', hex: sha256(shard) },
      url: `${base}params_shard_0.bin`,
    })
    expect(planned.map(({ role }) => role)).toEqual([
      'config',
      'manifest',
      'tokenizer',
      'weights',
      'weights',
      'library',
    ])
    expect(planned.find(({ role }) => role === 'library')).toEqual({
      path: 'library.wasm',
      role: 'library',
      bytes: libraryBytes(METADATA).length,
      expected: { algorithm: 'sha256', hex: sha256(libraryBytes(METADATA)) },
      url: LIBRARY,
    })
    expect(planned.find(({ role }) => role === 'tokenizer')?.expected?.algorithm).toBe('git-sha1')
  })

  it('a library that lies beside the weights comes before a published one, a given one before both', async () => {
    const { commit } = await repository({})
    const libraryOf = async (given: string | null) => {
      const result = await inspect(REPOSITORY, given)
      return result.ok && result.value.files.find(({ role }) => role === 'library')?.url
    }
    expect(await libraryOf(null)).toBe(`https://huggingface.co/${REPOSITORY}/resolve/${commit}/model.wasm`)
    expect(await libraryOf(LIBRARY)).toBe(LIBRARY)
  })

  it('where its list is refused, the sums of the manifest are taken', async () => {
    const { files } = await repository()
    hub.serve(`/api/models/${REPOSITORY}/revision/main`, '', { refuse: { status: 404, times: 99 } })
    const result = await inspect(REPOSITORY)
    const md5 = createHash('md5')
      .update(files.get('params_shard_0.bin') as Uint8Array)
      .digest('hex')
    expect(result).toMatchObject({ ok: true, value: { origin: { revision: null } } })
    expect(result.ok && result.value.files.find(({ path }) => path === 'params_shard_0.bin')).toMatchObject({
      expected: { algorithm: 'md5', hex: md5 },
      url: `https://huggingface.co/${REPOSITORY}/resolve/main/params_shard_0.bin`,
    })
  })

  it('its older manifest is found', async () => {
    await repository({ library: null, manifestName: 'ndarray-cache.json' })
    const result = await inspect(REPOSITORY)
    expect(result.ok && result.value.files[1]).toMatchObject({ path: 'ndarray-cache.json', role: 'manifest' })
  })

  it('that is gated says so', async () => {
    hub.serve('/api/models/owner/gated/revision/main', '', { refuse: { status: 401, times: 99 } })
    expect(await inspect('owner/gated')).toMatchObject({ failure: { kind: 'access-denied', status: 401 } })
  })

  it('that is not there is told as that, and not as a model that lacks a file', async () => {
    expect(await inspect('owner/nothing')).toEqual({
      ok: false,
      failure: { kind: 'not-found', url: hub.url('/owner/nothing'), status: 404 },
    })
  })

  it.each([
    [
      'a changed manifest',
      { 'tensor-cache.json': { wrongByte: { at: 20, times: 99 } } },
      'checksum-mismatch',
    ],
    ['a forbidden file', { 'mlc-chat-config.json': { refuse: { status: 403, times: 99 } } }, 'access-denied'],
    ['a busy host', { 'mlc-chat-config.json': { refuse: { status: 503, times: 99 } } }, 'host-busy'],
  ] as const)('%s is told', async (_, behaviours, kind) => {
    await repository({ library: null }, behaviours, 'owner/faulty')
    expect(await inspect('owner/faulty')).toMatchObject({ ok: false, failure: { kind } })
  })

  it('passing faults are got over', async () => {
    const redirect = { redirect: true } as const
    await repository(
      { library: null },
      {
        'mlc-chat-config.json': { refuse: { status: 503, times: 2 } },
        'tensor-cache.json': { cut: { at: 100, times: 1 }, ...redirect },
      },
      'owner/shaky',
    )
    expect(await inspect('owner/shaky')).toMatchObject({ ok: true })
  })

  const params = METADATA.params.map(({ name, shape, dtype }) => ({ name, shape, dtype }))
  it.each([
    ['an old library', libraryBytes(METADATA, 'v0_2_48'), { kind: 'library-generation', found: 'v0_2_48' }],
    [
      'a library with one layer more',
      libraryBytes({
        ...METADATA,
        params: [...params, { name: 'model.layers.1.x', shape: [1], dtype: 'float32' }],
      }),
      { kind: 'library-mismatch', differs: 'layers', tensor: 'model.layers.1.x' },
    ],
    ['a library that is a web page', new TextEncoder().encode('<html>404</html>'), { kind: 'file-invalid' }],
  ])('%s is refused', async (_, library, problem) => {
    await repository()
    hub.serve('/libs/tiny.wasm', library)
    expect(await inspect(REPOSITORY)).toMatchObject({ ok: false, failure: problem })
  })

  it.each([
    ['architecture', { model_type: 'gemma2' }, 'unsupported-architecture'],
    ['shape', { model_config: { ...CONFIG.model_config, num_hidden_layers: 2 } }, 'no-library'],
    ['tokenizer', { tokenizer_files: [] }, 'file-invalid'],
  ])('of an unknown %s is refused', async (_, change, kind) => {
    await repository({ library: null, config: { ...CONFIG, ...change } }, {}, 'owner/other')
    expect(await inspect('owner/other')).toMatchObject({ ok: false, failure: { kind } })
  })

  it('an endless configuration ends at its limit', async () => {
    const files = await mlcFolder({ library: null })
    files.set('mlc-chat-config.json', new Uint8Array(3 * 2 ** 20).fill(0x20))
    hub.serveRepository('owner/endless', Object.fromEntries(files))
    expect(await inspect('owner/endless')).toMatchObject({
      failure: { kind: 'too-large', limitBytes: 2 ** 20 },
    })
  })

  it.each([
    ['without a network', false, 'offline'],
    ['at a host that is down', true, 'unreachable'],
  ])('%s there is an answer at once, not a wait', async (_, online, kind) => {
    const ports = { ...testPorts(), ...inspectPorts(known) }
    ports.isOnline = () => online
    ports.whenOnline = () => new Promise(() => undefined)
    const source = {
      ...{ libraryUrl: null, family: null },
      access: { mirror: 'http://127.0.0.1:9', token: null },
    }
    for (const address of [REPOSITORY, 'https://huggingface.co/a/b/resolve/main/x.gguf']) {
      expect(await inspectAddress({ address, ...source }, ports, never), address).toMatchObject({
        ok: false,
        failure: { kind },
      })
    }
  })

  it('an abort ends it', async () => {
    await repository()
    const controller = new AbortController()
    controller.abort()
    expect(await inspect(REPOSITORY, null, controller.signal)).toEqual({
      ok: false,
      failure: { kind: 'aborted' },
    })
  })
})

describe('a folder of any web server', () => {
  async function folder(options: Parameters<typeof mlcFolder>[0] = { library: null }) {
    for (const [path, bytes] of await mlcFolder(options)) hub.serve(`/lan/tiny/${path}`, bytes)
    return hub.url('/lan/tiny')
  }

  it('is planned with the sums of the manifest', async () => {
    const base = await folder()
    const result = await inspect(base)
    expect(result).toMatchObject({
      ok: true,
      value: { name: 'tiny', origin: { kind: 'remote', address: base, revision: null } },
    })
    const planned = result.ok ? result.value.files : []
    expect(
      planned.filter(({ role }) => role === 'weights').map(({ expected }) => expected?.algorithm),
    ).toEqual(['md5', 'md5'])
    expect(planned.find(({ role }) => role === 'tokenizer')).toEqual({
      path: 'tokenizer.json',
      role: 'tokenizer',
      bytes: null,
      expected: null,
      url: `${base}/tokenizer.json`,
    })
  })

  it('whose manifest has the older name', async () => {
    hub.serve('/lan/tiny/tensor-cache.json', '', { refuse: { status: 404, times: 99 } })
    await folder({ library: null, manifestName: 'ndarray-cache.json' })
    hub.serve('/lan/tiny/tensor-cache.json', '', { refuse: { status: 404, times: 99 } })
    const result = await inspect(hub.url('/lan/tiny/'))
    expect(result.ok && result.value.files[1]?.path).toBe('ndarray-cache.json')
  })

  it('without a tokenizer is no model', async () => {
    const base = await folder()
    hub.serve('/lan/tiny/tokenizer.json', '', { refuse: { status: 404, times: 99 } })
    expect(await inspect(base)).toEqual({
      ok: false,
      failure: { kind: 'not-a-model', missing: ['tokenizer.json'] },
    })
  })
})

it.each(['', 'qwen', 'ftp://x/y'])('"%s" is no address', async (address) => {
  expect(await inspect(address)).toEqual({ ok: false, failure: { kind: 'address-invalid', address } })
})

it('original weights in an object store are found, and nothing of a signed address is recorded', async () => {
  const forbidden = { refuse: { status: 403, times: 99 } }
  for (const path of ['mlc-chat-config.json', INDEX, TEMPLATE_FILE, ...TOKENIZER_COPIES])
    hub.serve(`/store/ward/${path}`, '', forbidden)
  for (const [path, content] of withChatFiles(checkpoint('qwen2'))) hub.serve(`/store/ward/${path}`, content)
  const address = hub.url('/store/ward/?X-Signature=secret#secret')
  const source = { address, libraryUrl: null, access: { mirror: null, token: null }, family: null }
  const found = await lookAtAddress(source, { ...testPorts(), ...inspectPorts(known) }, never)
  expect(found).toMatchObject({ ok: true, value: { kind: 'checkpoint' } })
  expect(JSON.stringify(found)).toContain(hub.url('/store/ward/'))
  expect(JSON.stringify(found)).not.toContain('secret')
})
