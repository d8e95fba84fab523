import { describe, expect, it } from 'vitest'
import { isModelPath, MAX_MODEL_PATH_CHARACTERS } from '#core/model/path'
import { backOffMs, retryAfterMs } from '#core/transfer/back-off'
import { LONGEST_BACK_OFF_MS, LONGEST_RETRY_AFTER_MS } from '#core/transfer/limits'
import { isMixedContent } from '#core/transfer/mixed-content'
import { refusal } from '#core/transfer/status'
import { continues, parseContentRange, validatorOf } from '#core/transfer/version'

describe('what a status means', () => {
  it.each([
    [401, 'access-denied', false],
    [403, 'access-denied', false],
    [404, 'not-found', false],
    [410, 'not-found', false],
    [408, 'host-busy', true],
    [425, 'host-busy', true],
    [429, 'host-busy', true],
    [500, 'host-busy', true],
    [501, 'refused', false],
    [503, 'host-busy', true],
    [504, 'host-busy', true],
    [400, 'refused', false],
    [204, 'refused', false],
    [451, 'refused', false],
  ])('%i', (status, kind, retry) => {
    expect(refusal('u', status)).toEqual({ failure: { kind, url: 'u', status }, retry })
  })
})

describe('back-off', () => {
  it('doubles, with half of it by chance, up to its bound', () => {
    expect([1, 2, 3, 4].map((failures) => backOffMs(failures, 1))).toEqual([1000, 2000, 4000, 8000])
    expect([1, 2, 3, 4].map((failures) => backOffMs(failures, 0))).toEqual([500, 1000, 2000, 4000])
    expect(backOffMs(50, 1)).toBe(LONGEST_BACK_OFF_MS)
  })

  it.each([
    [null, null],
    ['', null],
    ['soon', null],
    ['7', 7000],
    [' 0 ', 0],
    ['86400', LONGEST_RETRY_AFTER_MS],
    ['Sun, 06 Nov 1994 08:49:47 GMT', 10_000],
    ['Sun, 06 Nov 1994 08:49:27 GMT', 0],
  ])('Retry-After: %s', (header, milliseconds) => {
    expect(retryAfterMs(header, Date.parse('Sun, 06 Nov 1994 08:49:37 GMT'))).toBe(milliseconds)
  })
})

describe('Content-Range', () => {
  it.each([
    ['bytes 5-9/10', { start: 5, total: 10 }],
    ['bytes 5-9/*', { start: 5, total: null }],
    ['bytes */10', { start: null, total: 10 }],
    ['items 5-9/10', null],
    ['bytes 5-/10', null],
    ['', null],
    [null, null],
  ])('%s', (header, range) => {
    expect(parseContentRange(header)).toEqual(range)
  })
})

describe('whether a part continues what is stored', () => {
  const hash = { algorithm: 'sha256', hex: '' } as const
  const part = { storedBytes: 4, bytes: 10, expected: null, etag: '"a"' }
  const answer = { range: { start: 4, total: 10 }, contentLength: 6, validator: '"a"' }
  it.each([
    ['all agree', {}, {}, true],
    ['another place', {}, { range: { start: 3, total: 10 } }, false],
    ['another size', {}, { range: { start: 4, total: 11 } }, false],
    ['another size by its length', {}, { range: null, contentLength: 7 }, false],
    ['another tag', {}, { validator: '"b"' }, false],
    ['another tag, known hash', { expected: hash }, { validator: '"b"' }, true],
    ['the tag of the compressed (nginx)', { etag: 'W/"a"' }, {}, true],
    ['the tag of the compressed (Apache)', { etag: '"a-gzip"' }, {}, true],
    ['no tag, size agrees', { etag: null }, {}, true],
    ['tag unreadable, length agrees', {}, { validator: null, range: null }, true],
    ['nothing readable', {}, { validator: null, range: null, contentLength: null }, false],
    [
      'nothing readable, known hash',
      { expected: hash },
      { validator: null, range: null, contentLength: null },
      true,
    ],
    ['nothing known', { bytes: null, etag: null }, { validator: null }, false],
  ])('%s', (_, partChanges, answerChanges, expected) => {
    expect(continues({ ...part, ...partChanges }, { ...answer, ...answerChanges })).toBe(expected)
  })

  it('takes the date of the last change where there is no tag', () => {
    expect(validatorOf(null, 'Sun, 06 Nov 1994 08:49:37 GMT')).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
    expect(validatorOf('"a"', 'Sun, 06 Nov 1994 08:49:37 GMT')).toBe('"a"')
  })
})

describe('paths of files inside a model', () => {
  it.each(['a', 'params_shard_0.bin', 'a/b/c.json', '.gitattributes', 'ümlaut 麻醉.bin', 'a..b'])(
    'takes %s',
    (path) => {
      expect(isModelPath(path)).toBe(true)
    },
  )
  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '..',
    '../a',
    'a/../b',
    './a',
    'a\\b',
    'C:a',
    'a\u0000',
    ' a',
    'a ',
    'a.',
    'a\ud800',
  ])('refuses %j', (path) => {
    expect(isModelPath(path)).toBe(false)
  })
  it('refuses what is too long', () => {
    expect(isModelPath('a'.repeat(MAX_MODEL_PATH_CHARACTERS))).toBe(true)
    expect(isModelPath('a'.repeat(MAX_MODEL_PATH_CHARACTERS + 1))).toBe(false)
  })
})

describe('mixed content', () => {
  it.each([
    ['https:', 'http://192.168.1.5/models', true],
    ['https:', 'HTTP://mirror.hospital:8080', true],
    ['https:', 'http://127.example.org/', true],
    ['https:', 'https://192.168.1.5/models', false],
    ['https:', 'http://localhost:8080/', false],
    ['https:', 'http://127.0.0.1:8080/', false],
    ['https:', 'http://[::1]/', false],
    ['http:', 'http://192.168.1.5/models', false],
  ])('a page of %s that asks for %s: %s', (protocol, url, mixed) => {
    expect(isMixedContent(protocol, url)).toBe(mixed)
  })
})
