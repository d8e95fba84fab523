import { describe, expect, it } from 'vitest'
import {
  FIRST_VISIT,
  parsePrivacyState,
  reachKey,
  UNREADABLE,
  withHosts,
  withoutHost,
} from '#core/privacy/state'

const HUB = 'https://huggingface.co'
const MIRROR = 'http://mirror.local:8080'

describe('a stored privacy state', () => {
  it.each([
    ['nothing', undefined, FIRST_VISIT],
    ['a lock', { locked: true, hosts: [HUB] }, { locked: true, hosts: [HUB] }],
    ['null', null, UNREADABLE],
    ['a text', 'open', UNREADABLE],
    ['another shape', { locked: 'no', hosts: [] }, UNREADABLE],
    ['no list of hosts', { locked: false }, UNREADABLE],
    [
      'hosts that would change the header',
      {
        locked: false,
        hosts: [
          HUB,
          '*',
          'https:',
          "'unsafe-inline'",
          'https://a.example; script-src *',
          'https://*.example',
          7,
          HUB,
        ],
      },
      { locked: false, hosts: [HUB] },
    ],
  ])('that is %s', (_, stored, expected) => {
    expect(parsePrivacyState(stored)).toEqual(expected)
  })
})

describe('the chosen hosts', () => {
  const open = { locked: false, hosts: [HUB] }

  it('are added once', () => {
    expect(withHosts(open, [HUB])).toBe(open)
    expect(withHosts(open, [MIRROR, HUB, MIRROR]).hosts).toEqual([HUB, MIRROR])
  })

  it('are forgotten one by one', () => {
    expect(withoutHost({ locked: true, hosts: [HUB, MIRROR] }, HUB)).toEqual({
      locked: true,
      hosts: [MIRROR],
    })
  })

  it('make another policy, in whatever order, but none while locked', () => {
    expect(reachKey(open)).not.toBe(reachKey({ ...open, hosts: [HUB, MIRROR] }))
    expect(reachKey({ ...open, hosts: [MIRROR, HUB] })).toBe(reachKey({ ...open, hosts: [HUB, MIRROR] }))
    expect(reachKey({ locked: true, hosts: [HUB] })).toBe(reachKey({ locked: true, hosts: [] }))
    expect(reachKey({ locked: true, hosts: [] })).not.toBe(reachKey(FIRST_VISIT))
  })
})
