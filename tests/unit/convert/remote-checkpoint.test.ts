/** A checkpoint read by ranged requests from the imitated hub, and from hosts with bad manners. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { INDEX } from '#core/convert/checkpoint'
import { TEMPLATE_FILE } from '#core/convert/prepare'
import type { Quantization } from '#core/convert/quantization'
import { TOKENIZER_COPIES } from '#core/convert/tokenizer'
import { parseAddress } from '#core/model/address'
import type { SourceFile } from '#core/model/stored'
import type { HubToken } from '#core/transfer/hub-token'
import type { FetchPorts } from '#worker/models/fetch-ports'
import { openFolder } from '#worker/models/inspect-remote'
import { RemoteCheckpoint, type SourceWaiting } from '#worker/models/remote-checkpoint'
import { withToken } from '#worker/models/with-token'
import { sha256 } from '../../hub/content'
import { Hub, type HubBehaviour } from '../../hub/server'
import { testPorts, type TestPorts } from '../transfer/fixtures'
import { withChatFiles } from './chat-files'
import { checkpoint } from './checkpoint-fixture'
import { convert, converted, convertPlan, planOf } from './convert-fixture'
import { never, type Files } from './safetensors-fixture'

const REPOSITORY = 'ward/Ward-0.5B'
const LIMITS = { stallMs: 20_000, maxAttempts: 8, maxFirstAttempts: 3 }
/** Weights large enough for several pieces: 2 × 26 MB of embeddings, and layers. */
const LARGE = { vocab_size: 200_000, tie_word_embeddings: false }

// Tens of megabytes are converted twice.
vi.setConfig({ testTimeout: 60_000 })

let hub: Hub
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())
beforeEach(() => void hub.requests.splice(0))

interface Options {
  address?: string
  ports?: TestPorts
  token?: HubToken | null
  known?: SourceFile[]
  waits?: SourceWaiting[]
  stallMs?: number
}

async function openResult({
  address = REPOSITORY,
  ports = testPorts(),
  token = null,
  known,
  waits,
  stallMs = LIMITS.stallMs,
}: Options = {}) {
  const parsed = parseAddress(address)
  if (!parsed || parsed.kind === 'file') throw new Error(address)
  const mirror = hub.origin
  const reaching: FetchPorts = withToken(ports, token)
  const folder = await openFolder(parsed, mirror, reaching, never)
  if (!folder.ok) return folder
  const onWaiting = (waiting: SourceWaiting) => void waits?.push(waiting)
  const options = { folder: folder.value, mirror, ports: reaching, limits: { ...LIMITS, stallMs }, onWaiting }
  return { ok: true as const, value: new RemoteCheckpoint(known ? { ...options, known } : options) }
}

async function open(options: Options = {}): Promise<RemoteCheckpoint> {
  const opened = await openResult(options)
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  return opened.value
}

/** The conversion from the hub, announced as conversions do. */
async function fromHub(files: Files, source: RemoteCheckpoint, quantization: Quantization = 'q4f16_1') {
  const plan = await planOf(files, quantization)
  source.expect(plan.shards, never)
  return convertPlan(plan, source)
}

const repository = (
  files: Files,
  behaviours: Partial<Record<string, HubBehaviour>> = {},
  common: HubBehaviour = {},
) => hub.serveRepository(REPOSITORY, Object.fromEntries(files), behaviours, common)
const weightRequests = () =>
  hub.requests.filter(
    ({ path, method, host }) => path.endsWith('.safetensors') && method === 'GET' && host === 'first',
  )

describe('from a hub', () => {
  it('gives the bytes that a folder gives, from several files, with few requests and no whole file', async () => {
    const files = withChatFiles(checkpoint('qwen2', { files: 3, config: { vocab_size: 4096 } }))
    repository(files, {}, { redirect: true })
    const source = await open()
    const here = await converted(files, 'q4f16_1')
    const there = await convert(files, 'q4f16_1', source)
    expect(there).toMatchObject({ ok: true, value: { sums: here.sums, manifest: here.manifest } })
    const unannounced = weightRequests().length
    hub.requests.splice(0)
    expect(await fromHub(files, await open())).toMatchObject({ ok: true, value: { sums: here.sums } })
    expect(weightRequests().length).toBeLessThan(unannounced)
    // All of a small model's weights lie beside each other: one request for each file.
    expect(weightRequests().map(({ path }) => path.at(-21))).toHaveLength(3)
    expect(weightRequests().every(({ range }) => /^bytes=\d+-\d+$/.test(range ?? ''))).toBe(true)
  })

  it('fetches large tensors in pieces, each byte once, and what is expected before it is read', async () => {
    const files = withChatFiles(checkpoint('qwen2', { config: LARGE }))
    repository(files)
    const here = await converted(files, 'q0f16')
    const result = await fromHub(files, await open(), 'q0f16')
    expect(result).toMatchObject({ ok: true, value: { sums: here.sums } })
    expect(weightRequests().length).toBeGreaterThan(4)
    const fetched = weightRequests().reduce((sum, { range }) => {
      const [, begin, end] = /(\d+)-(\d+)/.exec(range!)!
      return sum + Number(end) + 1 - Number(begin)
    }, 0)
    expect(fetched).toBe(here.plan.sourceBytes)
  })

  it('tells what the files were: sizes, hashes of the hub, entity tags', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    repository(files)
    const source = await open()
    await convert(files, 'q4f16_1', source)
    await source.read('config.json', 0, 5, never)
    const known = await source.sourceFiles(never)
    const weights = files.get('model.safetensors')!
    expect(known.ok && known.value.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors'])
    expect(known.ok && known.value[1]).toMatchObject({
      bytes: weights.length,
      hash: { algorithm: 'sha256', hex: sha256(weights) },
      etag: expect.stringMatching(/^"/) as string,
    })
  })

  it('a changed small file is told by its hash', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    repository(files, { 'config.json': { wrongByte: { at: 3, times: 9 } } })
    expect(await (await open()).read('config.json', 0, 5, never)).toMatchObject({
      failure: { kind: 'checksum-mismatch', path: 'config.json' },
    })
  })
})

describe('bad connections', () => {
  it.each<[string, HubBehaviour]>([
    ['that break in the middle', { cut: { at: 30_000_000, times: 3 } }],
    ['that break all the time', { cutEvery: 3_000_000 }],
    ['that stand still', { stall: { at: 30_000_000, times: 2 } }],
    ['to a busy host', { refuse: { status: 503, times: 2, retryAfter: '1' } }],
  ])('%s are waited for, and go on where they were', async (_, behaviour) => {
    const files = withChatFiles(checkpoint('qwen2', { config: LARGE }))
    repository(files, { 'model.safetensors': { ...behaviour, redirect: true } })
    const waits: SourceWaiting[] = []
    const here = await converted(files, 'q4f16_1')
    const result = await fromHub(
      files,
      await open({ waits, stallMs: behaviour.stall ? 500 : LIMITS.stallMs }),
    )
    expect(result).toMatchObject({ ok: true, value: { sums: here.sums } })
    expect(waits.at(-1)).toBeNull()
  })

  it('a lost network is waited for', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    repository(files)
    const ports = testPorts()
    const waits: SourceWaiting[] = []
    const plan = await planOf(files, 'q4f16_1')
    const source = await open({ ports, waits })
    let back: () => void = () => undefined
    ports.online = false
    ports.fetch = () => Promise.reject(new TypeError('network'))
    ports.whenOnline = () =>
      new Promise((resolve) => {
        back = () => {
          ports.online = true
          ports.fetch = (url, init) => fetch(url, init)
          resolve()
        }
      })
    source.expect(plan.shards, never)
    const ended = convertPlan(plan, source)
    await expect.poll(() => waits.at(-1)?.reason.kind).toBe('offline')
    back()
    expect(await ended).toMatchObject({ ok: true })
  })
})

describe('hosts that cannot be converted from', () => {
  it.each<[string, HubBehaviour]>([
    ['give whole files only', { ranges: false }],
    ['give other bytes than were asked for', { shiftedRange: 16 }],
  ])('%s', async (_, behaviour) => {
    const files = withChatFiles(checkpoint('qwen2', { config: { vocab_size: 4096 } }))
    repository(files, { 'model.safetensors': behaviour })
    const refused = await (await open()).read('model.safetensors', 0, 8, never)
    expect(refused).toMatchObject({ failure: { kind: 'no-ranges' } })
    expect(weightRequests()).toHaveLength(1)
  })
})

describe('a folder of any server', () => {
  let place = 0
  beforeEach(() => void (place += 1))
  function folder(files: Files, behaviours: Partial<Record<string, HubBehaviour>> = {}): string {
    for (const [path, content] of files)
      hub.serve(`/models/${place}/${path}`, content, behaviours[path] ?? {})
    return hub.url(`/models/${place}/`)
  }

  it.each<[string, HubBehaviour]>([
    ['that tells all', {}],
    ['that knows no HEAD', { head: false }],
    ['whose headers a page cannot read', { exposed: false }],
  ])('%s is found out file by file', async (_, behaviour) => {
    const files = withChatFiles(checkpoint('qwen2', { files: 2 }))
    const weights = { 'model-1-of-2.safetensors': behaviour, 'model-2-of-2.safetensors': behaviour }
    const source = await open({ address: folder(files, weights) })
    const listed = await source.files(never)
    expect(listed.ok && listed.value.map(({ path }) => path).sort()).toEqual([...files.keys()].sort())
    expect(await fromHub(files, source)).toMatchObject({
      ok: true,
      value: { sums: (await converted(files, 'q4f16_1')).sums },
    })
  })

  it('a file that is exchanged in between is noticed, in one visit and in the next', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    const weights = files.get('model.safetensors')!
    const changed = weights.slice()
    changed[100]! ^= 1
    const address = folder(files)
    const source = await open({ address })
    expect(await source.read('model.safetensors', 0, 8, never)).toMatchObject({ ok: true })
    const known = await source.sourceFiles(never)
    hub.serve(`/models/${place}/model.safetensors`, changed)
    const expected = { failure: { kind: 'source-changed', path: 'model.safetensors' } }
    expect(await fromHub(files, source)).toMatchObject(expected)
    const later = await open({ address, known: known.ok ? known.value : [] })
    expect(await later.read('model.safetensors', 0, 8, never)).toMatchObject(expected)
    // Another size is told as well.
    hub.serve(`/models/${place}/model.safetensors`, weights.slice(0, -4))
    const listed = await open({ address })
    await listed.files(never)
    hub.serve(`/models/${place}/model.safetensors`, weights)
    expect(await listed.read('model.safetensors', 0, 8, never)).toMatchObject(expected)
  })

  it('that answers 403 for what it lacks, as object stores do, is read', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    const lacked = [INDEX, TEMPLATE_FILE, ...TOKENIZER_COPIES].filter((path) => !files.has(path))
    const address = folder(new Map([...files, ...lacked.map((path) => [path, new Uint8Array()] as const)]), {
      ...Object.fromEntries(lacked.map((path) => [path, { refuse: { status: 403, times: 9 } }])),
    })
    const listed = await (await open({ address })).files(never)
    expect(listed.ok && listed.value.map(({ path }) => path).sort()).toEqual([...files.keys()].sort())
  })

  it('that never tells the size of its weights is given up', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    const silent: HubBehaviour = { head: false, stall: { at: 0, times: 9 } }
    const source = await open({ address: folder(files, { 'model.safetensors': silent }), stallMs: 300 })
    expect(await source.files(never)).toMatchObject({ failure: { kind: 'unreachable' } })
  })

  it('that sends more bytes than asked for cannot be read from', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    const address = folder(files)
    const polite = testPorts()
    const longerAnswer: FetchPorts['fetch'] = async (url, init) => {
      const answer = await polite.fetch(url, init)
      if (answer.status !== 206) return answer
      const longer = [new Uint8Array(await answer.arrayBuffer()), new Uint8Array(100)]
      return new Response(new Blob(longer), { status: 206, headers: answer.headers })
    }
    const source = await open({ address, ports: { ...polite, fetch: longerAnswer } })
    expect(await source.read('model.safetensors', 1000, 2000, never)).toMatchObject({
      failure: { kind: 'no-ranges', detail: 'more than bytes=1000-1999' },
    })
  })

  it('an index that names thousands of files is refused before any of them is asked for', async () => {
    const weight_map = Object.fromEntries(
      Array.from({ length: 1025 }, (_, n) => [`t${n}`, `${n}.safetensors`]),
    )
    const index = new TextEncoder().encode(JSON.stringify({ weight_map }))
    const address = folder(new Map(withChatFiles(checkpoint('qwen2'))).set(INDEX, index))
    expect(await (await open({ address })).files(never)).toMatchObject({
      failure: { kind: 'file-invalid', path: INDEX },
    })
    expect(hub.requests.filter(({ method }) => method === 'HEAD')).toEqual([])
  })

  it('a missing file of weights is named', async () => {
    const files = withChatFiles(checkpoint('qwen2', { files: 2 }))
    const address = folder(files)
    hub.serve(`/models/${place}/model-2-of-2.safetensors`, '', { refuse: { status: 404, times: 9 } })
    expect(await (await open({ address })).files(never)).toMatchObject({
      failure: { kind: 'checkpoint-incomplete', missing: ['model-2-of-2.safetensors'] },
    })
  })
})

describe('a repository that is not for everyone', () => {
  const gated = { gated: { token: 'hf_secret' }, redirect: true } as const
  const token = () => ({ origin: hub.origin, token: 'hf_secret' })

  it('is refused without a token, and with a wrong one', async () => {
    repository(withChatFiles(checkpoint('qwen2')), {}, gated)
    expect(await openResult()).toMatchObject({ failure: { kind: 'access-denied', status: 401 } })
    const wrong = await openResult({ token: { ...token(), token: 'hf_other' } })
    expect(wrong).toMatchObject({ failure: { kind: 'access-denied', status: 403 } })
    expect(JSON.stringify(wrong)).not.toContain('hf_other')
  })

  it('is converted with one, which only the hub is shown', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    repository(files, {}, gated)
    const source = await open({ token: token() })
    expect(await fromHub(files, source)).toMatchObject({ ok: true })
    const first = hub.requests.filter(({ host }) => host === 'first')
    const second = hub.requests.filter(({ host }) => host === 'second')
    expect(first.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true)
    expect(second.length).toBeGreaterThan(0)
    expect(second.map(({ authorization }) => authorization)).toEqual(second.map(() => null))
    expect(JSON.stringify(await source.sourceFiles(never))).not.toContain('hf_secret')
  })
})
