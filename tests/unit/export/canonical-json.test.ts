import { describe, expect, it } from 'vitest'
import { canonicalJson, canonicalJsonParts } from '#core/export/canonical-json'

describe('canonicalJson', () => {
  it('gives the texts of RFC 8785, sections 3.2.2 and 3.2.3', () => {
    const numbersAndString = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as unknown
    expect(canonicalJson(numbersAndString)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
    const names = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`) as Record<string, string>
    expect([...canonicalJson(names).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('leaves out members that are undefined', () => {
    expect(canonicalJson({ b: undefined, a: [] })).toBe('{"a":[]}')
  })
})

describe('canonicalJsonParts', () => {
  it('joins to the same text', () => {
    const values = [{}, { a: [] }, { b: [1, { d: 'x', c: null }], a: {}, e: undefined, f: 'text' }]
    for (const value of values) expect([...canonicalJsonParts(value)].join('')).toBe(canonicalJson(value))
  })

  it('has a part for each element that has members', () => {
    expect([...canonicalJsonParts({ a: [{}, 2, {}] })]).toEqual(['{', '"a":', '[{}', ',2', ',{}', ']', '}'])
    expect([...canonicalJsonParts({ a: [1, 2, 3] })]).toEqual(['{', '"a":', '[1,2,3]', '}'])
  })
})
