import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readMlcManifest } from '#core/model/mlc-manifest'
import { inspectFiles } from '#worker/models/inspect-files'
import { main } from '../../../scripts/convert'
import { openWeights } from '../../../scripts/test-webgpu/weights-folder'
import { inspectPorts, tinyLibrary } from '../model/known-fixture'
import { namedFiles } from '../model/named-files'
import { checkpoint, configOf, json, tensorsOf } from './checkpoint-fixture'
import { withChatFiles } from './chat-files'
import { TEMPLATES } from './jinja-templates'
import { never, safetensors, type Files } from './safetensors-fixture'

/** Of more than one shard in float32: each matrix of the vocabulary exceeds the limit. */
const LARGE = { vocab_size: 132_000, num_hidden_layers: 1, tie_word_embeddings: false }

let folder: string
let said: string[]
let printed: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-convert-'))
  said = []
  printed = []
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const at = (...names: string[]) => join(folder, ...names)

function write(files: Files, name = 'source'): string {
  mkdirSync(at(name), { recursive: true })
  for (const [path, content] of files) writeFileSync(at(name, path), content)
  return at(name)
}

const convert = (...args: string[]) => main([at('source'), at('out'), '--quantization', 'q4f16_1', ...args])

/** Everything in the folder: name -> content. */
function contents(name = 'out'): Files {
  return new Map(readdirSync(at(name)).map((path) => [path, new Uint8Array(readFileSync(at(name, path)))]))
}

/** As `contents`, short enough to be compared and shown. */
function hashes(): Record<string, string> {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  return Object.fromEntries([...contents()].map(([path, bytes]) => [path, hash(bytes)]))
}

describe('a small checkpoint', () => {
  beforeEach(() => write(withChatFiles(checkpoint('qwen2'))))

  it('becomes a folder that can be read as a model', async () => {
    expect(await convert('--jobs', '1')).toBe(0)
    expect(JSON.parse(printed[0]!)).toMatchObject({ architecture: 'qwen2', shards: 1, kept: 0 })
    expect([...contents().keys()].sort()).toEqual([
      ...['mlc-chat-config.json', 'ndarray-cache.json', 'params_shard_0.bin', 'somnus-convert.json'],
      ...['tensor-cache.json', 'tokenizer.json', 'tokenizer_config.json'],
    ])
    expect(contents().get('ndarray-cache.json')).toEqual(contents().get('tensor-cache.json'))
    expect(openWeights(at('out'))?.tensor('model.norm.weight')?.shape).toEqual([64])
    const known = tinyLibrary('https://host.example/tiny.wasm')
    const shape = {
      ...{ ...known.shape, hiddenSize: 64, layers: 2, intermediateSize: 96, attentionHeads: 4 },
      ...{ keyValueHeads: 2, headDimension: 16, vocabulary: 288, ropeBase: 10_000 },
    }
    const ports = inspectPorts([{ ...known, quantization: 'q4f16_1', shape }])
    const plan = await inspectFiles(namedFiles(contents(), 'Tiny/'), null, ports, never)
    expect(plan).toMatchObject({ ok: true, value: { architecture: 'qwen2', quantization: 'q4f16_1' } })
    expect(plan.ok && plan.value.files.some(({ path }) => path === 'params_shard_0.bin')).toBe(true)
  })

  it('is told of before and while it is converted', async () => {
    await convert('--jobs', '1')
    expect(said[0]).toContain('library: none is published for this model (hidden_size 64')
    expect(said[0]).toContain('conversation: chatml')
    const lines = said.filter((line) => line.includes('MB/s'))
    expect(lines.length).toBe(1 + 2 * 7 + 1)
    expect(lines.at(-1)).toMatch(/^100%.* left {2}model\.norm\.weight$/)
  })
})

describe('a chat template that cannot be rendered', () => {
  const writeWith = (chat_template: string) =>
    write(withChatFiles(checkpoint('qwen2'), { 'tokenizer_config.json': { chat_template } }))

  it('stops the conversion, with the reason and the way round', async () => {
    writeWith(TEMPLATES['unknown filter'])
    expect(await convert('--jobs', '1')).toBe(1)
    expect(said.at(-1)).toMatch(/--template[^]*tokenizer_config\.json: question, failed: .*frobnicate/)
    expect(() => statSync(at('out'))).toThrow()
  })

  it.each([
    ['unknown filter for thoughts', [], 'in 1 of 7'],
    ['unknown filter', ['--template', 'chatml'], 'in 7 of 7'],
  ] as const)('"%s" with %j is shown where it matters', async (name, args, count) => {
    writeWith(TEMPLATES[name])
    expect(await convert('--jobs', '1', ...args)).toBe(0)
    expect(said[0]).toContain(
      `conversation: chatml, prompts differ from those of the checkpoint’s own template ${count}`,
    )
    expect(said[0]).toMatch(/"thinking"[^]*was NOT compared[^]*frobnicate/)
  })
})

describe('wrong arguments', () => {
  it.each([[[]], [['a']], [['a', 'b', 'c']], [['/nowhere', 'out', '--quantization', 'q4f16_1']]])(
    '%j',
    async (args) => {
      expect(await main(args)).toBe(2)
      expect(said[0]).toContain('Usage')
    },
  )

  it.each([
    ['--quantization', 'q8'],
    ['--jobs', '0'],
    ['--jobs', 'two'],
    ['--template', 'vicuna'],
    ['--loud', 'x'],
  ])('%s %s', async (name, value) => {
    write(checkpoint('qwen2'))
    expect(await convert(name, value)).toBe(2)
  })
})

describe('bad input leaves nothing that looks whole', () => {
  it('names file, tensor and index of a number that is none', async () => {
    const tensors = tensorsOf(configOf('qwen2'))
    tensors.find(({ name }) => name === 'model.norm.weight')!.values[5] = Number.NaN
    write(withChatFiles(checkpoint('qwen2').set('model.safetensors', safetensors(tensors))))
    expect(await convert('--jobs', '1')).toBe(1)
    expect(said.at(-1)).toMatch(/model\.norm\.weight[^]*index 5[^]*model\.safetensors/)
    expect(readdirSync(at('out'))).toEqual(['somnus-convert.json'])
  })

  it('writes nothing where the checkpoint is refused', async () => {
    write(withChatFiles(checkpoint('qwen2').set('config.json', json({ model_type: 'mamba' }))))
    expect(await convert()).toBe(1)
    expect(said.at(-1)).toContain('mamba')
    expect(() => statSync(at('out'))).toThrow()
  })

  it('keeps out of folders that hold something', async () => {
    write(withChatFiles(checkpoint('qwen2')))
    write(new Map([['notes.txt', json('mine')]]), 'out')
    expect(await convert()).toBe(1)
    expect(await convert('--resume')).toBe(1)
    expect(said.join()).toMatch(/is not empty[^]*no somnus-convert\.json/)
    expect(readdirSync(at('out'))).toEqual(['notes.txt'])
  })
})

describe('several shards', () => {
  const quantize = (...args: string[]) => main([at('source'), at('out'), '--quantization', 'q0f32', ...args])
  beforeEach(() =>
    write(withChatFiles(checkpoint('llama', { config: LARGE }), { 'tokenizer_config.json': {} })),
  )
  const shards = (name = 'out') => readdirSync(at(name)).filter((path) => path.endsWith('.bin'))

  it('written by threads are those of one thread, and a resumed conversion keeps the whole ones', async () => {
    const chosen = ['--template', 'llama-2']
    expect(await quantize('--jobs', '3', ...chosen)).toBe(0)
    const threads = hashes()
    expect(shards()).toHaveLength(3)
    const manifest = readMlcManifest(
      readFileSync(at('out', 'tensor-cache.json'), 'utf8'),
      'tensor-cache.json',
    )
    expect(manifest.ok && manifest.value.shards.length).toBe(3)

    // As a crash leaves it: one shard missing, one damaged in place, one begun, no manifest.
    const [gone = '', damaged = '', whole = ''] = shards()
    rmSync(at('out', gone))
    rmSync(at('out', 'tensor-cache.json'))
    const bytes = readFileSync(at('out', damaged))
    bytes[100]! ^= 1
    writeFileSync(at('out', damaged), bytes)
    writeFileSync(at('out', `${gone}.part`), 'half')
    utimesSync(at('out', whole), 1, 1)
    expect(await quantize('--jobs', '1', '--resume', ...chosen)).toBe(0)
    expect(JSON.parse(printed[1]!)).toMatchObject({ shards: 3, kept: 1 })
    expect(statSync(at('out', whole)).mtimeMs).toBe(1000)
    expect(hashes()).toEqual(threads)

    // Nothing is mixed with other weights or another format.
    expect(await main([at('source'), at('out'), '--quantization', 'q0f16', '--resume', ...chosen])).toBe(1)
    expect(said.at(-1)).toContain('was begun')
    write(withChatFiles(checkpoint('llama', { config: LARGE, seed: 2 }), { 'tokenizer_config.json': {} }))
    expect(await quantize('--resume', ...chosen)).toBe(1)
    expect(hashes()).toEqual(threads)
  }, 60_000)
})

it.skipIf(process.platform !== 'linux')('a full disk is named, and nothing there looks whole', async () => {
  write(withChatFiles(checkpoint('qwen2')))
  expect(await convert('--jobs', '1')).toBe(0)
  rmSync(at('out', 'params_shard_0.bin'))
  // Every write to it fails as on a full disk.
  symlinkSync('/dev/full', at('out', 'params_shard_0.bin.part'))
  expect(await convert('--jobs', '1', '--resume')).toBe(1)
  expect(said.at(-1)).toMatch(/storage|disk|room|space/i)
  expect(readdirSync(at('out')).filter((name) => /cache\.json|shard/.test(name))).toEqual([])
})
