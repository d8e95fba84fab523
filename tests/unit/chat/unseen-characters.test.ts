import { expect, it } from 'vitest'
import { nameUnseen, partsBySight, withoutUnseen } from '#core/chat/unseen-characters'

it('loses nothing of a text', () => {
  const text = 'a\u202Eb\u200B\u200Cc\u{E0041}d\n\te\u0000'
  expect([...partsBySight(text)].map((part) => part.text).join('')).toBe(text)
  expect(withoutUnseen(text)).toBe('abcd\n\te')
})

it.each([
  ['\u202E', 'U+202E'],
  ['\u200B\u200B', 'U+200B ×2'],
  ['\u200B\u202E', 'U+200B…'],
  ['\u{E0041}', 'U+E0041'],
])('names %j', (run, name) => {
  expect(nameUnseen(run)).toBe(name)
})

it.each(['👨\u200D👩\u200D👧', '👩🏽\u200D⚕️', 'می\u200Cخواهم', 'क्\u200Dष', 'plain text, 中文。'])(
  'leaves spelling alone: %s',
  (text) => {
    expect(withoutUnseen(text)).toBe(text)
  },
)
