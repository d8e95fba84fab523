/** The converter on the command line, with original weights at an address. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../hub/content'
import { Hub, type HubBehaviour } from '../../hub/server'
import { main } from '../../../scripts/convert'
import { withChatFiles } from './chat-files'
import { adapter } from './adapter-fixture'
import { checkpoint, TINY } from './checkpoint-fixture'
import { random, type Files } from './safetensors-fixture'

const REPOSITORY = 'ward/Ward-0.5B'
/** Of several shards in float32. */
const LARGE = { vocab_size: 132_000, num_hidden_layers: 1, tie_word_embeddings: false }

vi.setConfig({ testTimeout: 60_000 })

let hub: Hub
let folder: string
let said: string[]
let printed: string[]
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-convert-'))
  said = []
  printed = []
  hub.requests.splice(0)
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const at = (...names: string[]) => join(folder, ...names)
const convert = (source: string, out: string, quantization = 'q4f16_1', ...args: string[]) =>
  main([source, at(out), '--quantization', quantization, ...args])
const fromHub = (...args: string[]) =>
  convert(REPOSITORY, 'out', 'q4f16_1', '--endpoint', hub.origin, ...args)

function serve(
  files: Files,
  behaviours: Partial<Record<string, HubBehaviour>> = {},
  common: HubBehaviour = {},
) {
  return hub.serveRepository(REPOSITORY, Object.fromEntries(files), behaviours, common)
}

function hashes(name: string): Record<string, string> {
  const hash = (path: string) =>
    createHash('sha256')
      .update(readFileSync(at(name, path)))
      .digest('hex')
  // What tells of the source differs.
  const names = readdirSync(at(name)).filter((path) => path !== 'somnus-convert.json')
  return Object.fromEntries(names.map((path) => [path, hash(path)]))
}

function writeSource(files: Files): void {
  mkdirSync(at('source'))
  for (const [path, content] of files) writeFileSync(at('source', path), content)
}

describe('a repository', () => {
  it('becomes what its folder becomes, and is told of by commit and hashes', async () => {
    const files = withChatFiles(checkpoint('qwen2', { files: 2 }))
    const commit = serve(files, {}, { redirect: true })
    writeSource(files)
    expect(await fromHub()).toBe(0)
    expect(await convert(at('source'), 'here')).toBe(0)
    expect(hashes('out')).toEqual(hashes('here'))
    const progress = JSON.parse(readFileSync(at('out', 'somnus-convert.json'), 'utf8')) as {
      source: { files: { path: string; hash: { hex: string } }[] }
    }
    expect(progress.source).toMatchObject({ address: REPOSITORY, revision: commit })
    const weights = progress.source.files.find(({ path }) => path === 'model-1-of-2.safetensors')
    expect(weights?.hash.hex).toBe(sha256(files.get('model-1-of-2.safetensors')!))
  })

  it('at another host is read by HF_ENDPOINT, and a folder of any server by its address', async () => {
    const files = withChatFiles(checkpoint('qwen2'))
    serve(files)
    vi.stubEnv('HF_ENDPOINT', hub.origin)
    expect(await convert(REPOSITORY, 'out')).toBe(0)
    for (const [path, content] of files) hub.serve(`/ward/${path}`, content)
    expect(await convert(hub.url('/ward'), 'other')).toBe(0)
    expect(hashes('other')).toEqual(hashes('out'))
  })

  it('that is interrupted goes on where it was, at the commit that it began with', async () => {
    const files = withChatFiles(checkpoint('qwen2', { config: LARGE }))
    const first = serve(files, { 'model.safetensors': { bytesPerSecond: 30e6 } })
    // Ctrl+C, while the last shard is being made.
    const interrupt = vi.spyOn(process, 'once')
    const handlers: (() => void)[] = []
    interrupt.mockImplementation((event, handler) => {
      if (event === 'SIGINT') handlers.push(handler as () => void)
      return process
    })
    const ended = convert(REPOSITORY, 'out', 'q0f32', '--endpoint', hub.origin)
    await expect
      .poll(() => said.some((line) => line.includes('embed_tokens')), { timeout: 30_000 })
      .toBe(true)
    handlers[0]!()
    expect(await ended).toBe(130)
    interrupt.mockRestore()
    // Meanwhile the repository moves on.
    const second = serve(withChatFiles(checkpoint('qwen2', { config: LARGE, seed: 2 })))
    expect(second).not.toBe(first)
    hub.requests.splice(0)
    expect(await convert(REPOSITORY, 'out', 'q0f32', '--endpoint', hub.origin, '--resume')).toBe(0)
    expect((JSON.parse(printed[0]!) as { kept: number }).kept).toBeGreaterThan(0)
    expect(hub.requests.some(({ path }) => path.includes(second))).toBe(false)
    writeSource(files)
    expect(await convert(at('source'), 'here', 'q0f32')).toBe(0)
    expect(hashes('out')).toEqual(hashes('here'))
  })

  it('that is not there, or typed wrongly, is said', async () => {
    expect(await convert('ward/Nothing', 'out', 'q4f16_1', '--endpoint', hub.origin)).toBe(1)
    expect(said.at(-1)).toContain('has no “Nothing”')
    expect(await convert('./nowhere/at-all', 'out')).toBe(2)
    expect(await convert('nowhere', 'out')).toBe(2)
    expect(await fromHub('--endpoint', 'mirror')).toBe(2)
    expect(() => readdirSync(at('out'))).toThrow()
  })
})

describe('an adapter at an address', () => {
  const ADAPTER = 'ward/Ward-PRM'
  const head = { weight: random(2 * TINY.hidden_size, 77, 0.25) }
  const base = withChatFiles(checkpoint('llama'))
  const added = adapter('llama', { head })
  const serveAdapter = (behaviour: HubBehaviour = {}) =>
    hub.serveRepository(ADAPTER, Object.fromEntries(added), {}, behaviour)
  const withAdapter = (from: string, out: string, ...args: string[]) =>
    convert(REPOSITORY, out, 'q4f16_1', '--endpoint', hub.origin, '--adapter', from, ...args)

  it('is merged as one in a folder is, by redirects and ranges, or from any server', async () => {
    serve(base, {}, { redirect: true })
    serveAdapter({ redirect: true })
    writeSource(base)
    mkdirSync(at('adapter'))
    for (const [path, content] of added) writeFileSync(at('adapter', path), content)
    expect(await convert(at('source'), 'here', 'q4f16_1', '--adapter', at('adapter'))).toBe(0)
    expect(await withAdapter(ADAPTER, 'out')).toBe(0)
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({ adapters: 1, isRewardModel: true })
    expect(hashes('out')).toEqual(hashes('here'))
    const weights = hub.requests.filter(({ path }) => path.endsWith('adapter_model.safetensors'))
    expect(weights.length).toBeGreaterThan(0)
    expect(weights.every(({ range }) => /^bytes=\d+-\d+$/.test(range ?? ''))).toBe(true)
    for (const [path, content] of added) hub.serve(`/ward-adapter/${path}`, content)
    expect(await withAdapter(hub.url('/ward-adapter'), 'other')).toBe(0)
    expect(hashes('other')).toEqual(hashes('here'))
  })

  it('that is none, or is not there, is said before anything is written', async () => {
    serve(base)
    hub.serveRepository('ward/Other', { 'README.md': 'none' })
    expect(await withAdapter('ward/Other', 'out')).toBe(1)
    expect(said.at(-1)).toContain('adapter_config.json')
    expect(await withAdapter('ward/Nothing', 'out')).toBe(1)
    expect(said.at(-1)).toContain('Nothing')
    expect(() => readdirSync(at('out'))).toThrow()
  })
})

describe('a repository that is not for everyone', () => {
  const TOKEN = 'hf_secretsecret'
  const gated = () =>
    serve(withChatFiles(checkpoint('qwen2')), {}, { gated: { token: TOKEN }, redirect: true })
  const everything = () =>
    [
      ...said,
      ...printed,
      ...readdirSync(at('out')).map((path) => readFileSync(at('out', path), 'latin1')),
    ].join()

  it('says what it needs', async () => {
    gated()
    expect(await fromHub()).toBe(1)
    expect(said.at(-1)).toMatch(/401[^]*HF_TOKEN[^]*--token-file/)
  })

  it.each(['HF_TOKEN', '--token-file'])(
    'is read with a token from %s, which is written nowhere',
    async (way) => {
      gated()
      writeFileSync(at('token'), `${TOKEN}\n`)
      if (way === 'HF_TOKEN') vi.stubEnv('HF_TOKEN', TOKEN)
      expect(await fromHub(...(way === 'HF_TOKEN' ? [] : ['--token-file', at('token')]))).toBe(0)
      expect(everything()).not.toContain('secretsecret')
      const elsewhere = hub.requests.filter(({ host }) => host === 'second')
      expect(elsewhere.length).toBeGreaterThan(0)
      expect(elsewhere.every(({ authorization }) => authorization === null)).toBe(true)
    },
  )

  it('a token of the hub is not sent to another server', async () => {
    vi.stubEnv('HF_TOKEN', TOKEN)
    for (const [path, content] of withChatFiles(checkpoint('qwen2'))) hub.serve(`/ward/${path}`, content)
    expect(await convert(hub.url('/ward'), 'out')).toBe(0)
    expect(hub.requests.every(({ authorization }) => authorization === null)).toBe(true)
  })

  it('what is no token is refused without being quoted', async () => {
    vi.stubEnv('HF_TOKEN', 'hf secretsecret')
    expect(await fromHub()).toBe(2)
    expect(said.join()).not.toContain('secretsecret')
    expect(await fromHub('--token-file', at('missing'))).toBe(2)
  })
})
