import { describe, expect, it } from 'vitest'
import { addressesOfFiles, addressesOfLibrary, addressesOfSource } from '#core/model/reached'
import { originOf } from '#core/transfer/hub-token'
import type { ModelFile } from '#core/model/stored'

const HUB = 'https://huggingface.co'
const LIBRARIES = 'https://raw.githubusercontent.com'
const MIRROR = 'http://mirror.local:8080/hf'

const origins = (addresses: readonly string[]) => [...new Set(addresses.map(originOf))]

function file(path: string, url: string | null): ModelFile {
  return { path, role: 'weights', bytes: 1, expected: null, url }
}

describe('looking at an address asks', () => {
  it.each([
    ['a repository', 'owner/name', null, null, [HUB, LIBRARIES]],
    [
      'a public mirror by its name',
      'https://hf-mirror.com/owner/name',
      null,
      null,
      ['https://hf-mirror.com', LIBRARIES],
    ],
    ['a folder', 'https://models.example/qwen/', null, null, ['https://models.example', LIBRARIES]],
    ['a GGUF file, which needs no library', 'http://10.0.0.5/q.gguf', null, null, ['http://10.0.0.5']],
    ['a library of the user', 'owner/name', 'https://lib.example/a.wasm', null, [HUB, 'https://lib.example']],
    [
      'the mirror, and where libraries are',
      'owner/name',
      null,
      MIRROR,
      ['http://mirror.local:8080', LIBRARIES],
    ],
    ['nothing at what is no address', 'ftp://x', null, null, []],
  ])('%s', (_, address, library, mirror, expected) => {
    expect(origins(addressesOfSource(address, library, mirror))).toEqual(expected)
  })
})

describe('fetching a model asks', () => {
  const origin = { kind: 'remote', address: 'owner/name', revision: null } as const
  const weights = file('w.bin', `${HUB}/owner/name/resolve/main/w.bin`)
  const library = file('library.wasm', `${LIBRARIES}/mlc-ai/libs/main/a.wasm`)
  const fromDisk = file('config.json', null)

  it('where its files are', () => {
    expect(origins(addressesOfFiles({ origin, files: [weights, library, fromDisk] }, null))).toEqual([
      HUB,
      LIBRARIES,
    ])
  })

  it('nothing for what is verified or came from a disk', () => {
    const stored = [
      { ...weights, state: 'verified' as const },
      { ...library, state: 'damaged' as const },
      fromDisk,
    ]
    expect(origins(addressesOfFiles({ origin, files: stored }, null))).toEqual([LIBRARIES])
  })

  it('the mirror, and for a library that it may lack the original', () => {
    expect(origins(addressesOfFiles({ origin, files: [weights, library] }, MIRROR))).toEqual([
      'http://mirror.local:8080',
      LIBRARIES,
    ])
  })

  it('only a library that is not among chosen files', () => {
    const published: ModelFile = { ...library, role: 'library' }
    const plan = [weights, published]
    expect(origins(addressesOfLibrary(plan, ['model/w.bin'], null))).toEqual([LIBRARIES])
    expect(addressesOfLibrary(plan, ['model/w.bin', 'model/library.wasm'], null)).toEqual([])
    expect(addressesOfLibrary([weights], ['w.bin'], null)).toEqual([])
  })

  it('the original weights of a conversion', () => {
    const conversion = { address: 'other/weights', family: null, libraryUrl: null, files: [] }
    expect(origins(addressesOfFiles({ origin, conversion, files: [fromDisk] }, null))).toEqual([
      HUB,
      LIBRARIES,
    ])
  })
})
