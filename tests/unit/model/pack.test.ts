import { describe, expect, it } from 'vitest'
import { packFiles, packManifest, readPackManifest, slugOf, type PackManifest } from '#core/model/pack'
import type { StoredFile, StoredModel, StoredModelId } from '#core/model/stored'

const SHA = 'a'.repeat(64)
const file: StoredFile = {
  path: 'model.gguf',
  role: 'weights',
  bytes: 100,
  expected: null,
  url: 'https://example.org/model.gguf',
  state: 'verified',
  sha256: SHA,
  etag: 'x',
}
const model: StoredModel = {
  id: 'own/x' as StoredModelId,
  name: 'Modèle 1',
  catalog: { modelId: 'a', variantId: 'b' },
  architecture: 'qwen2',
  quantization: 'Q8_0',
  parameters: 1000,
  contextTokens: 2048,
  memoryMB: 40,
  runtime: { engine: 'wllama' },
  origin: { kind: 'remote', address: 'https://example.org/model.gguf', revision: 'abc' },
  files: [file],
  fingerprint: SHA,
  addedAt: 1,
  completedAt: 2,
  verifiedAt: 3,
  lastUsedAt: 4,
}

describe('the manifest of a pack', () => {
  it('comes back as it was written, with a hash for every file', () => {
    const manifest = packManifest(model, '1.2.3')
    const read = readPackManifest(JSON.stringify(manifest))
    expect(read).toEqual({ ok: true, value: manifest })
    expect(read.ok && packFiles(read.value)).toEqual([
      {
        path: 'model.gguf',
        role: 'weights',
        bytes: 100,
        expected: { algorithm: 'sha256', hex: SHA },
        url: null,
      },
    ])
    expect(manifest?.origin).toEqual({
      name: null,
      address: 'https://example.org/model.gguf',
      revision: 'abc',
    })
  })

  it.each([
    ['absent', { state: 'absent' }],
    ['damaged', { state: 'damaged' }],
    ['without hash', { sha256: null }],
  ] as const)('is not made of a model with a file that is %s', (_, change) => {
    expect(packManifest({ ...model, files: [{ ...file, ...change }] }, '1')).toBeUndefined()
  })

  it('keeps the origin of a pack that travels on', () => {
    const origin = { kind: 'pack', name: 'first', address: 'https://a.b/c', revision: 'r' } as const
    expect(packManifest({ ...model, origin }, '1')?.origin).toEqual({
      name: 'first',
      address: 'https://a.b/c',
      revision: 'r',
    })
  })

  it.each([
    ['https://a.b/c.gguf?X-Signature=1#x', 'https://a.b/c.gguf'],
    ['https://user:word@a.b/c@1/', 'https://a.b/c@1/'],
    ['owner/repository', 'owner/repository'],
  ])('tells of %s no more than %s', (address, told) => {
    const origin = { kind: 'remote', address, revision: null } as const
    expect(packManifest({ ...model, origin }, '1')?.origin.address).toBe(told)
  })

  it('of a newer version is told apart', () => {
    const newer = { format: 'somnus-model-pack', version: 2, parts: [] }
    expect(readPackManifest(JSON.stringify(newer))).toEqual({
      ok: false,
      failure: { kind: 'pack-version', found: 2, supported: 1 },
    })
  })

  const sound = packManifest(model, '1') as PackManifest
  const [entry] = sound.files
  const withFiles = (...files: object[]) => ({ ...sound, files })
  it.each([
    ['no JSON', '{', null],
    ['another format', { ...sound, format: 'zip' }, 'format'],
    ['version 0', { ...sound, version: 0 }, 'version'],
    ['no files', withFiles(), 'files'],
    ['a path outside', withFiles({ ...entry, path: '../x' }), 'files[0].path'],
    ['an address', withFiles({ ...entry, path: 'https://x' }), 'files[0].path'],
    ['a file twice', withFiles({ ...entry }, { ...entry, path: 'MODEL.gguf' }), 'files[1].path'],
    ['itself', withFiles({ ...entry, path: 'Somnus-Model.json' }), 'files[0].path'],
    ['a hash of another kind', withFiles({ ...entry, sha256: 'abc' }), 'files[0].sha256'],
    ['2^60 bytes', withFiles({ ...entry, bytes: 2 ** 60 }), 'files[0].bytes'],
    ['an unknown role', withFiles({ ...entry, role: 'program' }), 'files[0].role'],
    ['an unknown engine', { ...sound, runtime: { engine: 'other' } }, 'runtime.engine'],
    ['a name of megabytes', { ...sound, name: 'x'.repeat(1e6) }, 'name'],
    ['endless memory', JSON.stringify(sound).replace('"memoryMB":40', '"memoryMB":1e999'), 'memoryMB'],
    [
      'thousands of files',
      withFiles(...Array.from({ length: 6000 }, (_, at) => ({ ...entry, path: `${at}` }))),
      'files',
    ],
  ])('%s: refused, with the place', (_, manifest, where) => {
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
    expect(readPackManifest(text)).toMatchObject({
      ok: false,
      failure: { kind: 'file-invalid', path: 'somnus-model.json', where },
    })
  })

  it.each([
    ['Qwen2.5 0.5B (Instruct)', 'qwen2.5-0.5b-instruct'],
    ['Modèle', 'mode-le'],
    ['麻醉', 'model'],
    ['../..', 'model'],
    ['CON.', 'con'],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('%s becomes the folder %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })
})
