import { describe, expect, test } from 'vitest'
import { checkpointAmong } from '#core/convert/checkpoint-files'
import { prepareConversion } from '#core/convert/prepare'
import { keepingShards, MANIFEST, offersOf, storedPlan } from '#core/convert/stored-plan'
import type { KnownLibrary } from '#core/model/known-libraries'
import { outdatedPaths, recordOf } from '#core/model/record'
import type { StoredModel } from '#core/model/stored'
import { failure, success } from '#core/result'
import { renderJinja } from '#worker/models/jinja'
import { withChatFiles } from './chat-files'
import { checkpoint, TINY } from './checkpoint-fixture'
import { memorySource, never } from './safetensors-fixture'

describe('chosen files', () => {
  const place = (...paths: string[]) => checkpointAmong(paths)

  test('are a checkpoint by configuration and weights, in whatever folder', () => {
    expect(place('Ward/config.json', 'Ward/model.safetensors')).toEqual({ folder: 'Ward/', name: 'Ward' })
    expect(place('config.json', 'model-1-of-2.safetensors')).toEqual({ folder: '', name: '' })
    expect(place('a/b/config.json', 'a/b/model.safetensors.index.json')).toEqual({
      folder: 'a/b/',
      name: 'b',
    })
    // A folder of training states beside them is none.
    expect(place('W/config.json', 'W/x.safetensors', 'W/old/config.json')?.folder).toBe('W/')
  })

  test('are none without one of them, with several, and beside a model that needs no conversion', () => {
    expect(place('config.json', 'pytorch_model.bin')).toBeNull()
    expect(place('model.safetensors')).toBeNull()
    expect(place('a/config.json', 'a/x.safetensors', 'b/config.json', 'b/x.safetensors')).toBeNull()
    const whole = ['config.json', 'model.safetensors']
    for (const path of ['mlc-chat-config.json', 'somnus-model.json', 'ward.gguf'])
      expect(place(...whole, path)).toBeNull()
  })
})

const LIBRARY: KnownLibrary = {
  ...{ name: 'Ward', architecture: 'qwen2', quantization: 'q4f16_1' },
  shape: {
    ...{ hiddenSize: TINY.hidden_size, layers: 2, intermediateSize: 96, attentionHeads: 4, keyValueHeads: 2 },
    ...{ headDimension: 16, vocabulary: 'free', isTied: true, ropeBase: TINY.rope_theta, ropeScaling: null },
  },
  ...{ url: 'https://example.org/libs/Ward.wasm', contextTokens: 512, prefillChunkTokens: 512, memoryMB: 77 },
}

async function planned(libraries: KnownLibrary[] = []) {
  const source = memorySource(withChatFiles(checkpoint('qwen2')))
  const choices = { quantization: 'q4f16_1', family: null } as const
  const prepared = await prepareConversion(source, choices, renderJinja, never)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.failure))
  const plan = storedPlan(prepared.value, 'ab'.repeat(32), 'Ward', null, libraries)
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure))
  return plan.value
}

test('a plan names every file, and the published library with its address', async () => {
  const plan = await planned([LIBRARY])
  expect(plan).toMatchObject({ id: 'own/ward-q4f16_1-abababab', name: 'Ward', memoryMB: 77 })
  expect(plan.files.map(({ path, role }) => [path, role])).toEqual([
    ['mlc-chat-config.json', 'config'],
    [MANIFEST, 'manifest'],
    ['tokenizer.json', 'tokenizer'],
    ['tokenizer_config.json', 'tokenizer'],
    ['params_shard_0.bin', 'weights'],
    ['Ward.wasm', 'library'],
  ])
  expect(plan.files.at(-1)?.url).toBe(LIBRARY.url)
  expect((await planned()).files.some(({ role }) => role === 'library')).toBe(false)
})

test('whole shards of an earlier run are kept, all else is made again', async () => {
  const plan = await planned()
  const before = recordOf(plan, undefined, 1)
  const written = (state: 'verified' | 'damaged'): StoredModel => ({
    ...before,
    files: before.files.map((file) => ({
      ...file,
      ...{ state, sha256: 'f'.repeat(64) },
      expected: file.role === 'weights' ? { algorithm: 'md5', hex: 'e'.repeat(32) } : null,
    })),
  })
  const others = plan.files.filter(({ role }) => role !== 'weights').map(({ path }) => path)
  const again = recordOf(keepingShards(plan, written('verified')), written('verified'), 2)
  expect(again.files.filter(({ state }) => state === 'verified').map(({ role }) => role)).toEqual(['weights'])
  expect(outdatedPaths(again, written('verified'))).toEqual(others)
  const damaged = recordOf(keepingShards(plan, written('damaged')), written('damaged'), 2)
  expect(damaged.files.every(({ state }) => state === 'absent')).toBe(true)
})

test('without any offer, the reason is one that another quantization does not cure', async () => {
  const plan = await planned()
  const mismatch = (differs: 'quantization' | 'shape') =>
    failure({ kind: 'library-mismatch', differs, tensor: 'a', library: '1', weights: '2' } as const)
  expect(offersOf([mismatch('quantization'), success(plan)])).toEqual(success([{ plan }]))
  expect(offersOf([mismatch('quantization'), mismatch('shape')])).toEqual(mismatch('shape'))
  expect(offersOf([mismatch('quantization')])).toEqual(mismatch('quantization'))
})
