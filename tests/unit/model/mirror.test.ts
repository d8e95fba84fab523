import { describe, expect, it } from 'vitest'
import { mirrored, originalLibrary, parseMirror } from '#core/model/mirror'

describe('parseMirror', () => {
  it.each([
    ['https://hf-mirror.com', 'https://hf-mirror.com'],
    [' https://hf-mirror.com/ ', 'https://hf-mirror.com'],
    ['http://192.168.1.5:8080/models//', 'http://192.168.1.5:8080/models'],
    ['hf-mirror.com', null],
    ['ftp://mirror', null],
    ['https://', null],
    ['https://a b', null],
    ['https://mirror/?x=1', null],
    ['', null],
  ])('%j is %j', (typed, base) => {
    expect(parseMirror(typed)).toBe(base)
  })
})

describe('mirrored', () => {
  it.each([
    [
      'https://huggingface.co/a/b/resolve/main/c.bin',
      'http://lan/hub',
      'http://lan/hub/a/b/resolve/main/c.bin',
    ],
    ['https://huggingface.co/api/models/a/b?x=1', 'https://m', 'https://m/api/models/a/b?x=1'],
    ['https://raw.githubusercontent.com/o/r/x.wasm', 'https://m', 'https://m/o/r/x.wasm'],
    ['https://HuggingFace.co/a', 'https://m', 'https://m/a'],
    ['https://huggingface.co.example.org/a', 'https://m', 'https://huggingface.co.example.org/a'],
    ['https://cdn.huggingface.co/a', 'https://m', 'https://cdn.huggingface.co/a'],
    ['https://example.org/huggingface.co/a', 'https://m', 'https://example.org/huggingface.co/a'],
    ['https://huggingface.co/a', null, 'https://huggingface.co/a'],
  ])('%s under %s', (url, base, expected) => {
    expect(mirrored(url, base)).toBe(expected)
  })
})

describe('originalLibrary', () => {
  const library = 'https://raw.githubusercontent.com/mlc-ai/libs/main/v0/a.wasm'

  it('is where a library would be without the mirror', () => {
    expect(originalLibrary(mirrored(library, 'https://m/hub'), 'https://m/hub')).toBe(library)
  })

  it.each([
    ['https://m/hub/a/b/resolve/main/a.wasm', 'https://m/hub'],
    ['https://m/hub/a/b/main/tokenizer.json', 'https://m/hub'],
    ['https://other/a/b/main/a.wasm', 'https://m/hub'],
    [library, null],
  ])('is not told of %s under %s', (url, base) => {
    expect(originalLibrary(url, base)).toBeNull()
  })
})
