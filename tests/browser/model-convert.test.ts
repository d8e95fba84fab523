/** A checkpoint becomes a stored model, through the real worker and the real file system. */
import { afterEach, expect, test } from 'vitest'
import { ModelClient } from '#app/model-client'
import { convertShard, type ShardSums } from '#core/convert/convert-shard'
import { openCheckpoint } from '#core/convert/checkpoint'
import { openAdapter, type Adapter } from '#core/convert/lora/adapter'
import { adapterFolder, joinSources } from '#core/convert/lora/join-sources'
import { tensorCacheJson } from '#core/convert/manifest'
import { typescriptKernel } from '#core/convert/pack'
import { planConversion } from '#core/convert/plan'
import type { Quantization } from '#core/convert/quantization'
import type { CheckpointSource } from '#core/convert/source'
import type { CheckpointReview } from '#core/convert/stored-plan'
import { rewardHeadOf } from '#core/model/reward-head'
import { stateOf, type ModelPlan, type StoredModel } from '#core/model/stored'
import { success, type Result } from '#core/result'
import { ModelDatabase } from '#data/db/models'
import { openDatabase } from '#data/db/schema'
import { createMd5 } from '#data/md5'
import { ModelFiles } from '#data/model-files'
import { createSha256 } from '#data/sha256'
import type { ModelProgress, NamedFile } from '#worker/model-api'
import { adapter } from '../unit/convert/adapter-fixture'
import { withChatFiles } from '../unit/convert/chat-files'
import { checkpoint } from '../unit/convert/checkpoint-fixture'
import { libraryBytes, METADATA } from '../unit/model/library-fixture'
import { memorySource, random, withHeader, type Files } from '../unit/convert/safetensors-fixture'
import { anyHost } from '../any-host'

const never = new AbortController().signal
const ignore = () => undefined
const stored = new ModelFiles()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function openBrowser(name = `test-convert-${crypto.randomUUID()}`) {
  const opened = await openDatabase({ onBlocked: ignore, onOutdated: ignore }, name)
  const workers: Worker[] = []
  const door = new ModelClient({
    hosts: anyHost,
    databaseName: name,
    spawn() {
      const worker = new Worker(new URL('./counted-model-worker.ts', import.meta.url), { type: 'module' })
      workers.push(worker)
      return worker
    },
  })
  const crash = () => {
    for (const worker of workers) worker.terminate()
  }
  const models = new ModelDatabase(opened)
  closing.push(async () => {
    crash()
    for (const { id } of await models.list()) await stored.remove(id)
    opened.close()
    indexedDB.deleteDatabase(name)
  })
  return { name, door, models, crash }
}

const chosen = (files: Files): NamedFile[] =>
  [...files].map(([path, bytes]) => ({ path: `Ward-0.5B/${path}`, file: new File([bytes], path) }))

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

function offered(review: CheckpointReview, quantization: Quantization): ModelPlan {
  const offer = review.offers.find(({ plan }) => plan.quantization === quantization)
  if (!offer) throw new Error(`${quantization} is not offered`)
  return offer.plan
}

/** SHA-256 of every shard, and the manifest, as the core makes them with plain TypeScript. */
async function converted(
  files: Files | CheckpointSource,
  quantization: Quantization,
  adapters: readonly Adapter[] = [],
) {
  const source = files instanceof Map ? memorySource(files) : files
  const plan = valueOf(planConversion(valueOf(await openCheckpoint(source, never)), quantization, adapters))
  const sums: Record<string, ShardSums> = {}
  for (const shard of plan.shards) {
    const hashes = { md5: await createMd5(), sha256: await createSha256() }
    const sink = { write: () => Promise.resolve(success(undefined)) }
    const ports = { source, sink, kernel: typescriptKernel, onProgress: ignore, ...hashes }
    sums[shard.path] = valueOf(await convertShard(shard, ports, never))
  }
  const shards = Object.fromEntries(Object.entries(sums).map(([path, { sha256 }]) => [path, sha256]))
  return { plan, shards, manifest: tensorCacheJson(plan, sums) }
}

/** SHA-256 of the shards as they lie on the disk. */
async function onDisk({ id, files }: StoredModel): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { path, role } of files) {
    if (role !== 'weights') continue
    const hash = await createSha256()
    hash.update(new Uint8Array(await (await stored.file(id, path))!.arrayBuffer()))
    found[path] = hash.hex()
  }
  return found
}

const text = async (id: StoredModel['id'], path: string) => (await stored.file(id, path))?.text()

test.for<Quantization>(['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'])(
  'a checkpoint is stored as the core converts it to %s, and is complete',
  async (quantization) => {
    const { door } = await openBrowser()
    const files = withChatFiles(checkpoint('qwen2'))
    const review = valueOf(await door.inspectCheckpoint(chosen(files), null, null, ignore, never))
    expect(review).toMatchObject({ name: 'Ward-0.5B', family: 'chatml' })
    const plan = offered(review, quantization)
    expect(plan.files.filter(({ role }) => role === 'library')).toEqual([])
    const model = valueOf(await door.convertFiles(plan, chosen(files), null, null, ignore, never))
    const expected = await converted(files, quantization)
    expect(stateOf(model)).toBe('complete')
    expect(await onDisk(model)).toEqual(expected.shards)
    expect(await text(model.id, 'tensor-cache.json')).toBe(expected.manifest)
    const config: unknown = JSON.parse((await text(model.id, 'mlc-chat-config.json'))!)
    expect(config).toMatchObject({ model_type: 'qwen2', quantization })
    const sizes = await stored.storedBytes(model.id)
    expect([...sizes.keys()].sort()).toEqual(plan.files.map(({ path }) => path).sort())
    expect(plan.files.map(({ path, bytes }) => [path, bytes])).toEqual(
      plan.files.map(({ path }) => [path, sizes.get(path)]),
    )
    expect(stateOf(valueOf(await door.verify(model.id, ignore, never)))).toBe('complete')
  },
)

test('a checkpoint and an adapter with a head become a stored reward model', async () => {
  const { door } = await openBrowser()
  const base = withChatFiles(checkpoint('llama'))
  const head = { weight: random(2 * 64, 77, 0.25), bias: Float32Array.of(0.5, -0.25) }
  const added = adapter('llama', { head })
  const both = [
    ...chosen(base),
    ...[...added].map(([path, bytes]) => ({ path: `Ward-PRM/${path}`, file: new File([bytes], path) })),
  ]
  const review = valueOf(await door.inspectCheckpoint(both, null, null, ignore, never))
  expect(review).toMatchObject({ name: 'Ward-0.5B + Ward-PRM', adapters: ['Ward-PRM'] })
  const plan = offered(review, 'q4f32_1')
  expect(plan.isRewardModel).toBe(true)
  const model = valueOf(await door.convertFiles(plan, both, null, null, ignore, never))
  expect(stateOf(model)).toBe('complete')
  expect(model.isRewardModel).toBe(true)
  const config = JSON.parse((await text(model.id, 'mlc-chat-config.json'))!) as object
  expect(rewardHeadOf(config)?.classes.map(({ bias }) => bias)).toEqual([0.5, -0.25])
  const without = valueOf(await door.inspectCheckpoint(chosen(base), null, null, ignore, never))
  expect(offered(without, 'q4f32_1')).not.toHaveProperty('isRewardModel')
  expect(offered(without, 'q4f32_1').id).not.toBe(plan.id)
  const joined = joinSources(memorySource(base), [memorySource(added)])
  const read = valueOf(await openAdapter(joined, adapterFolder(0), never))
  const expected = await converted(joined, 'q4f32_1', [read])
  expect(await onDisk(model)).toEqual(expected.shards)
})

test('what was cut off goes on in another visit, without converting a whole shard again', async () => {
  const config = { vocab_size: 200_000, tie_word_embeddings: false }
  const files = withChatFiles(checkpoint('qwen2', { config }))
  const first = await openBrowser()
  const review = valueOf(await first.door.inspectCheckpoint(chosen(files), null, null, ignore, never))
  const plan = offered(review, 'q0f32')
  const stop = new AbortController()
  const onProgress = (progress: ModelProgress) => {
    // Both matrices of the vocabulary, which are nearly all, are not done then, and the layers are.
    if (progress.kind === 'converting' && progress.doneBytes > 0.3 * progress.totalBytes) stop.abort()
  }
  const cut = await first.door.convertFiles(plan, chosen(files), null, null, onProgress, stop.signal)
  expect(cut).toEqual({ ok: false, failure: { kind: 'aborted' } })
  const expected = await converted(files, 'q0f32')
  const paths = expected.plan.shards.map(({ path }) => path)
  const half = (await first.models.get(plan.id))!
  const states = new Map(half.files.map(({ path, state }) => [path, state]))
  const whole = expected.plan.shards.filter(({ path }) => states.get(path) === 'verified')
  expect(whole.length).toBeGreaterThan(0)
  expect(whole.length).toBeLessThan(paths.length)
  expect(stateOf(half)).toBe('incomplete')
  expect(await stored.file(plan.id, 'tensor-cache.json')).toBeNull()
  const writtenAt = (await stored.file(plan.id, whole[0]!.path))!.lastModified
  first.crash()

  const { door } = await openBrowser(first.name)
  const again = valueOf(await door.inspectCheckpoint(chosen(files), null, null, ignore, never))
  expect(offered(again, 'q0f32')).toEqual(plan)
  const reports: ModelProgress[] = []
  const model = valueOf(
    await door.convertFiles(plan, chosen(files), null, null, (report) => reports.push(report), never),
  )
  const begun = reports.find((report) => report.kind === 'converting')
  const kept = whole.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0)
  expect(begun).toMatchObject({ doneBytes: kept, totalBytes: expected.plan.sourceBytes })
  expect((await stored.file(plan.id, whole[0]!.path))!.lastModified).toBe(writtenAt)
  expect(stateOf(model)).toBe('complete')
  expect(await onDisk(model)).toEqual(expected.shards)
  expect(await text(model.id, 'tensor-cache.json')).toBe(expected.manifest)
})

test('damaged files are named, and nothing is left that looks whole', async () => {
  const { door, models } = await openBrowser()
  const whole = withChatFiles(checkpoint('qwen2'))
  const lying = new Map(whole).set('model.safetensors', withHeader('{"a":{"dtype":"BF16","shape":[1]'))
  expect(await door.inspectCheckpoint(chosen(lying), null, null, ignore, never)).toMatchObject({
    failure: { kind: 'file-invalid', path: 'model.safetensors' },
  })
  const plan = offered(
    valueOf(await door.inspectCheckpoint(chosen(whole), null, null, ignore, never)),
    'q4f16_1',
  )
  expect(await door.convertFiles(plan, chosen(lying), null, null, ignore, never)).toMatchObject({
    failure: { kind: 'file-invalid' },
  })
  expect(await models.list()).toEqual([])

  const bytes = whole.get('model.safetensors')!.slice()
  bytes.set([0xc0, 0x7f], bytes.length - 2)
  const broken = new Map(whole).set('model.safetensors', bytes)
  const other = offered(
    valueOf(await door.inspectCheckpoint(chosen(broken), null, null, ignore, never)),
    'q4f16_1',
  )
  expect(await door.convertFiles(plan, chosen(broken), null, null, ignore, never)).toMatchObject({
    failure: { kind: 'conversion-differs' },
  })
  expect(await door.convertFiles(other, chosen(broken), null, null, ignore, never)).toMatchObject({
    failure: { kind: 'tensor-not-finite', tensor: 'model.norm.weight', index: 63 },
  })
  const left = (await models.get(other.id))!
  expect(stateOf(left)).toBe('incomplete')
  expect(left.files.some(({ state }) => state === 'verified')).toBe(false)
  expect([...(await stored.storedBytes(other.id)).values()].every((size) => size === 0)).toBe(true)
})

/** A library (without code) that asks for exactly the tensors of the plan. */
async function libraryOf(files: Files, quantization: Quantization): Promise<File> {
  const { plan } = await converted(files, quantization)
  const params = plan.shards
    .flatMap(({ units }) => units.flatMap(({ tensors }) => tensors))
    .map(({ name, shape, dtype }) => ({ name, shape, dtype, preprocs: [] }))
  return new File([libraryBytes({ ...METADATA, quantization, params })], 'mine.wasm')
}

test('a library of the user’s own is stored with the weights, and added later costs no conversion', async () => {
  const { door } = await openBrowser()
  const files = withChatFiles(checkpoint('qwen2'))
  const library = await libraryOf(files, 'q4f32_1')
  const review = valueOf(await door.inspectCheckpoint(chosen(files), library, null, ignore, never))
  // Others would not run with it.
  expect(review.offers.map(({ plan }) => plan.quantization)).toEqual(['q4f32_1'])
  const without = valueOf(await door.inspectCheckpoint(chosen(files), null, null, ignore, never))
  const bare = valueOf(
    await door.convertFiles(offered(without, 'q4f32_1'), chosen(files), null, null, ignore, never),
  )
  expect(bare.files.some(({ role }) => role === 'library')).toBe(false)
  const writtenAt = (await stored.file(bare.id, 'params_shard_0.bin'))!.lastModified
  const plan = offered(review, 'q4f32_1')
  expect(plan.id).toBe(bare.id)
  const model = valueOf(await door.convertFiles(plan, chosen(files), library, null, ignore, never))
  expect(stateOf(model)).toBe('complete')
  expect(model.files.find(({ role }) => role === 'library')).toMatchObject({
    ...{ path: 'library.wasm', state: 'verified', bytes: library.size, url: null },
  })
  expect((await stored.file(model.id, 'params_shard_0.bin'))!.lastModified).toBe(writtenAt)
  const wrong = await libraryOf(
    withChatFiles(checkpoint('qwen2', { config: { vocab_size: 320 } })),
    'q4f32_1',
  )
  expect(await door.inspectCheckpoint(chosen(files), wrong, null, ignore, never)).toMatchObject({
    failure: { kind: 'library-mismatch', differs: 'vocabulary' },
  })
})

test('what was converted without a library travels as a pack', async () => {
  const { door } = await openBrowser()
  const files = withChatFiles(checkpoint('llama'))
  const review = valueOf(await door.inspectCheckpoint(chosen(files), null, null, ignore, never))
  const model = valueOf(
    await door.convertFiles(offered(review, 'q4f16_1'), chosen(files), null, null, ignore, never),
  )
  const pack = [
    {
      path: 'ward.tar',
      file: new File([valueOf(await door.exportArchive(model.id, ignore, never))], 'ward.tar'),
    },
  ]
  const plan = valueOf(await door.inspectFiles(pack, null, ignore, never))
  const arrived = valueOf(await door.importFiles(plan, pack, null, null, ignore, never))
  expect(stateOf(arrived)).toBe('complete')
  expect(arrived.files.map(({ role }) => role)).not.toContain('library')
  expect(await onDisk(arrived)).toEqual(await onDisk(model))
})

test('a kind of conversation that the user names is part of the record', async () => {
  const { door } = await openBrowser()
  const files = withChatFiles(checkpoint('llama'), { 'tokenizer_config.json': {} })
  expect(await door.inspectCheckpoint(chosen(files), null, null, ignore, never)).toMatchObject({
    failure: { kind: 'chat-template-unknown' },
  })
  const review = valueOf(await door.inspectCheckpoint(chosen(files), null, 'llama-2', ignore, never))
  const plan = offered(review, 'q4f16_1')
  const model = valueOf(await door.convertFiles(plan, chosen(files), null, null, ignore, never))
  expect(model.conversion).toEqual({ address: null, family: 'llama-2', libraryUrl: null, files: [] })
  const config = JSON.parse((await text(model.id, 'mlc-chat-config.json'))!) as { conv_template: object }
  expect(config.conv_template).toMatchObject({ name: 'llama-2' })
})
