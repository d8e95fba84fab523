import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { packManifest } from '#core/model/pack'
import { recordOf } from '#core/model/record'
import { tarHeader, tarPadding, TAR_END_BYTES } from '#core/model/tar'
import type { StoredModel } from '#core/model/stored'
import { inspectFiles } from '#worker/models/inspect-files'
import type { NamedFile } from '#worker/model-api'
import { inspectPorts, tinyLibrary } from './known-fixture'
import { mlcFolder } from './mlc-fixture'
import { namedFiles } from './named-files'

type Files = Map<string, Uint8Array<ArrayBuffer>>

const never = new AbortController().signal
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const inspect = (files: readonly NamedFile[]) => inspectFiles(files, null, inspectPorts(), never)

/** The pack of a folder's model, as `exportFolder` writes it. */
async function packOf(
  files: Files,
  change: object = {},
  alter: (model: StoredModel) => StoredModel = (model) => model,
): Promise<Files> {
  const plan = await inspect(namedFiles(files, 'tiny/'))
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure))
  const record = recordOf(plan.value, undefined, 1)
  const model: StoredModel = {
    ...record,
    files: record.files.map((file) => ({
      ...file,
      state: 'verified',
      sha256: sha256(files.get(file.path) as Uint8Array),
    })),
  }
  const manifest = { ...packManifest(alter({ ...model, name: 'Our model' }), '1.0'), ...change }
  return new Map([...files, ['somnus-model.json', new TextEncoder().encode(JSON.stringify(manifest))]])
}

function tarOf(files: Files, folder = 'pack/'): Uint8Array<ArrayBuffer> {
  const parts = [...files].flatMap(([path, bytes]) => {
    const header = tarHeader(folder + path, bytes.length, 0)
    return header.ok ? [header.value, bytes, new Uint8Array(tarPadding(bytes.length))] : []
  })
  return Uint8Array.from(Buffer.concat([...parts, new Uint8Array(TAR_END_BYTES)]))
}

describe('a model pack', () => {
  it('as a folder or as an archive is the same plan', async () => {
    const pack = await packOf(await mlcFolder())
    const folder = await inspect(namedFiles(pack, 'stick/pack/'))
    const archive = await inspect(namedFiles([['pack.tar', tarOf(pack)]]))
    expect(folder).toMatchObject({
      ok: true,
      value: { name: 'Our model', catalog: null, origin: { kind: 'pack', name: 'pack', address: null } },
    })
    expect(folder.ok && folder.value.files.every(({ expected }) => expected?.algorithm === 'sha256')).toBe(
      true,
    )
    expect(folder.ok && folder.value.id).toMatch(/^own\/our-model-[0-9a-f]{8}$/)
    expect(archive).toEqual(folder)
  })

  it('what its manifest says of the model is not believed', async () => {
    const runtime = { engine: 'webllm', requiresShaderF16: true, largestTensorBytes: 7 }
    const pack = await packOf(await mlcFolder(), { runtime, architecture: 'llama', parameters: 5 })
    expect(await inspect(namedFiles(pack))).toMatchObject({
      value: {
        architecture: 'qwen2',
        parameters: 4128,
        runtime: { requiresShaderF16: false, largestTensorBytes: 1024 },
      },
    })
  })

  it('claims no place in the catalogue without proof', async () => {
    const catalog = { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4f32_1' }
    const plan = await inspect(namedFiles(await packOf(await mlcFolder(), { catalog })))
    expect(plan).toMatchObject({ ok: true, value: { catalog: null } })
  })

  it('of a model without a library, with all files of a tokenizer, is taken as it is', async () => {
    const pack = await packOf(await mlcFolder(), {}, (model) => ({
      ...model,
      files: model.files
        .filter(({ role }) => role !== 'library')
        .concat({ ...model.files.find(({ role }) => role === 'tokenizer')!, path: 'vocab.json' }),
    }))
    pack.set('vocab.json', pack.get('tokenizer.json')!)
    const plan = await inspect(namedFiles(pack))
    expect(plan).toMatchObject({ ok: true, value: { name: 'Our model', quantization: 'q4f32_1' } })
    expect(plan.ok && plan.value.files.map(({ role }) => role)).not.toContain('library')
    // Where one is known by now, it is fetched.
    const published = tinyLibrary('https://host.example/libs/tiny.wasm')
    const known = await inspectFiles(namedFiles(pack), null, inspectPorts([published]), never)
    expect(known.ok && known.value.files.find(({ role }) => role === 'library')).toMatchObject({
      path: 'tiny.wasm',
      url: published.url,
    })
  })

  it('a tokenizer that is none is refused', async () => {
    const pack = await packOf(await mlcFolder(), {}, (model) => ({
      ...model,
      files: model.files.map((file) => (file.role === 'library' ? { ...file, role: 'tokenizer' } : file)),
    }))
    expect(await inspect(namedFiles(pack))).toMatchObject({ failure: { kind: 'file-invalid' } })
  })

  it.each([
    ['params_shard_0.bin', { kind: 'pack-incomplete', missing: ['params_shard_0.bin'] }],
    ['model.wasm', { kind: 'pack-incomplete', missing: ['model.wasm'] }],
  ])('without %s is incomplete', async (path, problem) => {
    const pack = await packOf(await mlcFolder())
    pack.delete(path)
    expect(await inspect(namedFiles(pack))).toMatchObject({ failure: problem })
  })

  it('a changed byte in a small file is named', async () => {
    const pack = await packOf(await mlcFolder())
    const tokenizer = Uint8Array.from(pack.get('tokenizer.json') as Uint8Array)
    tokenizer[3] = (tokenizer[3] ?? 0) ^ 1
    pack.set('tokenizer.json', tokenizer)
    expect(await inspect(namedFiles(pack))).toMatchObject({
      failure: { kind: 'checksum-mismatch', path: 'tokenizer.json' },
    })
  })

  it('a shard cut off is named', async () => {
    const pack = await packOf(await mlcFolder())
    pack.set('params_shard_1.bin', new Uint8Array(3))
    expect(await inspect(namedFiles(pack))).toMatchObject({
      failure: { kind: 'wrong-size', path: 'params_shard_1.bin', actualBytes: 3 },
    })
  })

  it('an archive that was cut off is refused', async () => {
    const tar = tarOf(await packOf(await mlcFolder()))
    expect(await inspect(namedFiles([['pack.tar', tar.subarray(0, tar.length - 1024)]]))).toMatchObject({
      failure: { kind: 'file-invalid', path: 'pack.tar' },
    })
  })

  it('an archive of something else is no model', async () => {
    const tar = tarOf(new Map([['notes.txt', new Uint8Array(3)]]))
    expect(await inspect(namedFiles([['x.tar', tar]]))).toMatchObject({ failure: { kind: 'not-a-model' } })
  })
})
