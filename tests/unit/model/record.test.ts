import { describe, expect, it } from 'vitest'
import { checked, completed, outdatedPaths, recordOf, withFreeId } from '#core/model/record'
import type { StoredModel } from '#core/model/stored'
import { HASH, newPlan, newRecord, plannedFile } from './records'

const OTHER = 'b'.repeat(64)
const sha256 = (hex: string) => ({ algorithm: 'sha256', hex }) as const
const states = (record: StoredModel) => record.files.map(({ state }) => state)

describe('recordOf', () => {
  it('begins with nothing stored', () => {
    const record = recordOf(newPlan(), undefined, 5)
    expect(record).toMatchObject({ addedAt: 5, completedAt: null, fingerprint: null, lastUsedAt: null })
    expect(record.files).toMatchObject([{ state: 'absent', sha256: null, etag: null }])
  })

  it.each([
    ['the same hash', {}, {}, 'verified'],
    ['another hash', {}, { expected: sha256(OTHER) }, 'absent'],
    ['another size', {}, { bytes: 101 }, 'absent'],
    ['the same hash at another address', {}, { url: 'https://mirror/x' }, 'verified'],
    ['no hash, the same address', { expected: null }, { expected: null }, 'verified'],
    ['no hash, another address', { expected: null }, { expected: null, url: 'https://other/x' }, 'absent'],
    ['no hash, from a disk', { expected: null, url: null }, { expected: null, url: null }, 'absent'],
    ['a hash that the stored content proves', { expected: null }, { expected: sha256(HASH) }, 'verified'],
    ['a hash that the stored content denies', { expected: null }, { expected: sha256(OTHER) }, 'absent'],
    ['a hash of another kind', {}, { expected: { algorithm: 'md5', hex: '0' } as const }, 'absent'],
  ] as const)('of an earlier record keeps a file with %s', (_, before, after, state) => {
    const existing = newRecord(newPlan({ files: [plannedFile('w', before)] }))
    const record = recordOf(newPlan({ files: [plannedFile('w', after)] }), existing, 9)
    expect(states(record)).toEqual([state])
    expect(outdatedPaths(record, existing)).toEqual(state === 'absent' ? ['w'] : [])
    expect(record.addedAt).toBe(1)
  })

  it('keeps the partial file of an earlier record, with its entity tag', () => {
    const existing = recordOf(newPlan(), undefined, 1)
    existing.files[0]!.etag = '"v1"'
    expect(recordOf(newPlan(), existing, 2).files[0]?.etag).toBe('"v1"')
    expect(outdatedPaths(existing, existing)).toEqual([])
  })

  it('knows where a file can be fetched again, though it came from a stick this time', () => {
    const plan = newPlan({ files: [plannedFile('w', { url: null })] })
    expect(recordOf(plan, newRecord(newPlan({ files: [plannedFile('w')] })), 2).files[0]?.url).toBe(
      'https://example.org/w',
    )
  })

  it('gives up the bytes of a file that the plan has no longer', () => {
    const existing = newRecord(newPlan({ files: [plannedFile('a'), plannedFile('b')] }))
    expect(outdatedPaths(recordOf(newPlan({ files: [plannedFile('b')] }), existing, 2), existing)).toEqual([
      'a',
    ])
  })
})

describe('completed', () => {
  it('names a GGUF model by its file, an MLC model by its manifest', () => {
    const files = [
      plannedFile('shard', { expected: sha256('1'.repeat(64)) }),
      plannedFile('tensor-cache.json', { role: 'manifest', expected: sha256('2'.repeat(64)) }),
    ]
    const runtime = { engine: 'webllm', requiresShaderF16: false, largestTensorBytes: 1 } as const
    expect(completed(newRecord(newPlan({ files })), 7).fingerprint).toBe('1'.repeat(64))
    expect(completed(newRecord(newPlan({ files, runtime })), 7)).toMatchObject({
      fingerprint: '2'.repeat(64),
      completedAt: 2,
    })
  })

  it('does not say that files were read which were only kept', () => {
    expect(completed(newRecord(newPlan(), { verifiedAt: null }), 7).verifiedAt).toBe(7)
    expect(completed(newRecord(newPlan()), 7).verifiedAt).toBe(2)
    expect(checked(newRecord(newPlan()), 7).verifiedAt).toBe(7)
    const files = [plannedFile('a'), plannedFile('b')]
    const again = recordOf(newPlan({ files }), newRecord(newPlan({ files })), 7)
    expect(again).toMatchObject({ fingerprint: HASH, completedAt: 2, verifiedAt: 2 })
    const changed = newPlan({ files: [plannedFile('a', { expected: sha256(OTHER) }), plannedFile('b')] })
    const renewed = recordOf(changed, newRecord(newPlan({ files })), 7)
    expect(renewed).toMatchObject({ fingerprint: null, completedAt: null, verifiedAt: 2 })
  })

  it('is not said of a model with an absent or damaged file', () => {
    for (const state of ['absent', 'damaged'] as const) {
      const record = newRecord(newPlan(), { completedAt: null })
      record.files[0]!.state = state
      expect(completed(record, 7)).toBe(record)
    }
  })
})

describe('withFreeId', () => {
  const unhashed = newPlan({ files: [plannedFile('ward.gguf', { expected: null })] })
  const elsewhere = (name: string) => {
    const origin = { kind: 'remote', address: `https://${name}.org/ward.gguf`, revision: null } as const
    return { ...unhashed, origin }
  }

  it('keeps an id that tells the content, wherever it came from', () => {
    const origin = { kind: 'files', name: 'ward.gguf' } as const
    expect(withFreeId(newPlan({ origin }), [newRecord(newPlan())]).id).toBe('own/ward')
  })

  it('keeps the id of the same address', () => {
    expect(withFreeId(unhashed, [newRecord(unhashed)]).id).toBe('own/ward')
  })

  it('numbers files of one name at different addresses', () => {
    const first = newRecord(unhashed)
    const second = withFreeId(elsewhere('second'), [first])
    expect(second.id).toBe('own/ward-2')
    expect(withFreeId(elsewhere('third'), [first, newRecord(second)]).id).toBe('own/ward-3')
    expect(withFreeId(elsewhere('second'), [first, newRecord(second)]).id).toBe('own/ward-2')
  })

  it('leaves the id of a catalogue model alone', () => {
    const plan = { ...elsewhere('second'), catalog: { modelId: 'a', variantId: 'b' } }
    expect(withFreeId(plan, [newRecord(unhashed)]).id).toBe(plan.id)
  })
})
