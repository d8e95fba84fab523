import { describe, expect, it } from 'vitest'
import { authorization, isExposed, originOf, parseToken } from '#core/transfer/hub-token'

describe('a token', () => {
  it.each([
    ['hf_abc', 'hf_abc'],
    ['  hf_abc\n', 'hf_abc'],
    ['', null],
    ['two words', null],
    ['hf_\nabc', null],
    ['hf_ä', null],
    ['x'.repeat(5000), null],
  ])('%j is taken as %j', (typed, token) => {
    expect(parseToken(typed)).toBe(token)
  })

  it.each([
    ['https://huggingface.co/api/models/a/b', 'Bearer t'],
    ['https://HuggingFace.co:443/x', 'Bearer t'],
    ['https://huggingface.co', 'Bearer t'],
    ['http://huggingface.co/x', null],
    ['https://huggingface.co.evil.example/x', null],
    ['https://huggingface.co@evil.example/x', null],
    ['https://cdn-lfs.huggingface.co/x', null],
    ['https://huggingface.co:8443/x', null],
    ['//huggingface.co/x', null],
  ])('goes to %s: %j', (url, header) => {
    expect(authorization(url, { origin: 'https://huggingface.co', token: 't' })).toBe(header)
  })

  it('is for an origin', () => {
    expect(originOf('http://127.0.0.1:80/x?y')).toBe('http://127.0.0.1')
    expect(originOf('owner/name')).toBeNull()
    expect(authorization('https://a.example/', null)).toBeNull()
  })

  it.each([
    ['https://huggingface.co', false],
    ['http://127.0.0.1:8080', false],
    ['http://localhost', false],
    ['http://192.168.1.5:8080', true],
    ['http://localhost.example.org', true],
  ])('is exposed on its way to %s: %s', (origin, exposed) => {
    expect(isExposed(origin)).toBe(exposed)
  })
})
