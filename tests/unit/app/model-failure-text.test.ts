import { describe, expect, it } from 'vitest'
import { engineFailureText } from '#app/engine-failure-text'
import { modelFailureText, waitingText } from '#app/model-failure-text'
import type { ModelFailure } from '#core/model/failure'
import { Locale, type Language } from '#i18n/locale.svelte'

const url = 'https://huggingface.co/owner/name/resolve/main/params_shard_3.bin'
const HOST = 'huggingface.co'
const FILE = 'params_shard_3.bin'
const expected = { algorithm: 'sha256', hex: 'ab'.repeat(32) } as const

/** Every kind, with what its sentence must name. */
const cases: { [Kind in ModelFailure['kind']]: [Extract<ModelFailure, { kind: Kind }>, string[]] } = {
  aborted: [{ kind: 'aborted' }, []],
  offline: [{ kind: 'offline', url }, [HOST]],
  unreachable: [{ kind: 'unreachable', url, detail: 'TypeError' }, [HOST]],
  locked: [{ kind: 'locked', url }, [HOST]],
  'host-not-chosen': [{ kind: 'host-not-chosen', url }, [HOST]],
  'redirect-not-chosen': [{ kind: 'redirect-not-chosen', url }, [HOST]],
  'blocked-by-policy': [{ kind: 'blocked-by-policy', url }, [HOST]],
  'insecure-address': [{ kind: 'insecure-address', url }, [HOST]],
  'access-denied': [{ kind: 'access-denied', url, status: 403 }, [HOST, '403']],
  'not-found': [{ kind: 'not-found', url, status: 404 }, [HOST, FILE]],
  'host-busy': [{ kind: 'host-busy', url, status: 429 }, [HOST, '429']],
  refused: [{ kind: 'refused', url, status: 418 }, [HOST, '418']],
  interrupted: [
    { kind: 'interrupted', url, receivedBytes: 12e6, totalBytes: 33e6, detail: 'network error' },
    [HOST, '12', '33'],
  ],
  'no-ranges': [{ kind: 'no-ranges', url, detail: '200' }, [HOST]],
  'source-changed': [{ kind: 'source-changed', path: FILE, detail: '"a" ≠ "b"' }, [FILE]],
  'wrong-size': [
    { kind: 'wrong-size', path: FILE, url, expectedBytes: 33_000_000, actualBytes: 33_000_001 },
    [FILE, '33,000,000', '33,000,001'],
  ],
  'checksum-mismatch': [{ kind: 'checksum-mismatch', path: FILE, url, expected, actual: 'cd' }, [FILE]],
  'storage-full': [{ kind: 'storage-full', neededBytes: 4.2e9, availableBytes: 1.5e9 }, ['4.2', '1.5']],
  'storage-refused': [{ kind: 'storage-refused', detail: 'SecurityError' }, []],
  'busy-elsewhere': [{ kind: 'busy-elsewhere' }, []],
  'unknown-model': [{ kind: 'unknown-model' }, []],
  'file-unreadable': [{ kind: 'file-unreadable', path: FILE, detail: 'NotReadableError' }, [FILE]],
  'address-invalid': [{ kind: 'address-invalid', address: 'qwen' }, ['qwen', 'https://']],
  'several-models': [{ kind: 'several-models', names: ['a.gguf', 'b.gguf'] }, ['a.gguf', 'b.gguf']],
  'too-many-files': [{ kind: 'too-many-files', folder: 'stick', limit: 2000 }, ['stick', '2,000']],
  'not-writable': [{ kind: 'not-writable', name: 'pack-1', detail: 'NotFoundError' }, ['pack-1', '.tar']],
  'not-a-model': [{ kind: 'not-a-model', missing: ['mlc-chat-config.json'] }, ['mlc-chat-config.json']],
  'file-invalid': [
    { kind: 'file-invalid', path: 'tensor-cache.json', where: 'records[3].nbytes', expected: 'a number' },
    ['tensor-cache.json'],
  ],
  'pack-incomplete': [
    { kind: 'pack-incomplete', missing: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    ['a', 'e', '+2'],
  ],
  'pack-version': [{ kind: 'pack-version', found: 9, supported: 1 }, []],
  'unsupported-architecture': [
    { kind: 'unsupported-architecture', architecture: 'mamba', supported: ['qwen2', 'llama'] },
    ['mamba', 'qwen2', 'llama'],
  ],
  'no-library': [
    { kind: 'no-library', architecture: 'qwen2', quantization: 'q4f16_1', shape: '12 × 896' },
    ['qwen2', 'q4f16_1'],
  ],
  'library-generation': [
    { kind: 'library-generation', found: '0.2.79', needed: '0.2.86' },
    ['0.2.79', '0.2.86'],
  ],
  'library-mismatch': [
    {
      kind: 'library-mismatch',
      differs: 'shape',
      tensor: 'lm_head',
      library: 'uint32 1 × 2',
      weights: 'uint32 1 × 3',
    },
    [],
  ],
  'too-large': [{ kind: 'too-large', bytes: 5e9, limitBytes: 3.8e9 }, ['5', '3.8']],
  'checkpoint-incomplete': [{ kind: 'checkpoint-incomplete', missing: ['config.json'] }, ['config.json']],
  'checkpoint-unsupported': [
    {
      ...{ kind: 'checkpoint-unsupported', path: 'config.json', entry: 'hidden_act' },
      ...{ found: 'gelu', needed: 'silu' },
    },
    ['hidden_act', 'gelu', 'silu'],
  ],
  'tensor-missing': [{ kind: 'tensor-missing', path: FILE, tensor: 'lm_head' }, ['lm_head']],
  'tensor-unexpected': [{ kind: 'tensor-unexpected', path: FILE, tensor: 'visual' }, ['visual']],
  'tensor-shape': [
    { kind: 'tensor-shape', path: FILE, tensor: 'lm_head', expected: '1 × 2', actual: '1 × 3' },
    ['lm_head', '1 × 2', '1 × 3'],
  ],
  'tensor-dtype': [
    { kind: 'tensor-dtype', path: FILE, tensor: 'lm_head', dtype: 'I8', supported: ['F32', 'BF16'] },
    ['lm_head', 'I8', 'F32', 'BF16'],
  ],
  'tensor-not-finite': [
    { kind: 'tensor-not-finite', path: FILE, tensor: 'lm_head', index: 12345 },
    ['lm_head', '12345'],
  ],
  'tensor-overflow': [
    { kind: 'tensor-overflow', path: FILE, tensor: 'lm_head', index: 7, format: 'float16' },
    ['lm_head', '7', 'float16'],
  ],
  'chat-template-unknown': [
    { kind: 'chat-template-unknown', path: FILE, families: ['chatml', 'llama-3'], nearest: 'chatml' },
    ['chatml', 'llama-3'],
  ],
  'conversion-differs': [{ kind: 'conversion-differs', path: 'somnus-convert.json' }, []],
  'worker-lost': [{ kind: 'worker-lost', detail: 'terminated' }, []],
}

describe.each(['en', 'zh'] as Language[])('failures of the model store in %s', (language) => {
  const locale = new Locale(language)

  it.each(Object.values(cases))(
    '$kind: a sentence that names what it is about, and a next step',
    (given, named) => {
      const { problem, nextStep } = modelFailureText(given, locale)
      const text = `${problem} ${nextStep}`
      for (const name of named) expect(text).toContain(name)
      for (const sentence of [problem, nextStep]) {
        expect(sentence).toMatch(language === 'en' ? /^[“A-Zh].{15,}\.$/u : /^.{6,}。$/u)
        expect(sentence).not.toMatch(/undefined|null|NaN|\[object/)
        expect(/[一-鿿]/.test(sentence)).toBe(language === 'zh')
      }
    },
  )

  it('says why a download waits in a few words', () => {
    const reasons = [cases.offline[0], cases.unreachable[0], cases['host-busy'][0], cases.interrupted[0]]
    const texts = reasons.map((reason) => waitingText(reason, locale))
    expect(new Set(texts).size).toBe(4)
    for (const text of texts) expect(text).not.toMatch(/[.。]$/)
  })

  it('an engine whose model could not be had says the same', () => {
    const reason = cases.interrupted[0]
    expect(engineFailureText({ kind: 'model-unavailable', failure: reason }, locale)).toEqual(
      modelFailureText(reason, locale),
    )
  })
})

describe('details', () => {
  const detail = (given: ModelFailure) => modelFailureText(given, new Locale('en')).detail

  it('hold what whoever helps needs: address, checksums, places, inner messages', () => {
    expect(detail(cases['checksum-mismatch'][0])).toBe(`${url}\nsha256 ${expected.hex} ≠ cd`)
    expect(detail(cases['wrong-size'][0])).toBe(`${url}\n33000001 B ≠ 33000000 B`)
    expect(detail(cases['file-invalid'][0])).toBe('tensor-cache.json: records[3].nbytes: a number')
    expect(detail(cases['library-mismatch'][0])).toBe('lm_head: uint32 1 × 3 ≠ uint32 1 × 2')
    expect(detail(cases.interrupted[0])).toBe(`${url}\nnetwork error`)
  })

  it('are empty where there is nothing to add', () => {
    expect(detail({ kind: 'busy-elsewhere' })).toBe('')
  })
})
