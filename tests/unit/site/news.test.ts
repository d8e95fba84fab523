import { expect, it } from 'vitest'
import { isAbout } from '#core/site/messages'

it('news are about one of the copies of the site at an origin', () => {
  const taken = { kind: 'taken', build: 'two' } as const
  const scope = 'https://wards.example/somnus/'
  expect(isAbout({ scope, ...taken }, scope)).toBe(true)
  expect(isAbout({ scope: 'https://wards.example/trial/', ...taken }, scope)).toBe(false)
  // A service worker of a version that did not say so.
  expect(isAbout(taken, scope)).toBe(true)
})
