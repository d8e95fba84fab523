import { expect, test } from 'vitest'
import { leadsAway } from '#app/stay-here'

const PAGE = 'https://somnus.example/app/#/chat'

test.each([
  'https://other.example/',
  '//other.example/x',
  'http://somnus.example/',
  'https://somnus.example:8443/',
  'mailto:someone@other.example?body=text',
  'ms-word:ofe|u|https://other.example/text',
])('%s leads away', (url) => {
  expect(leadsAway(url, PAGE)).toBe(true)
})

test.each([
  '',
  '#/privacy',
  './schemas/run.json',
  'https://somnus.example/x',
  'about:blank',
  'blob:https://x/1',
])('"%s" does not', (url) => {
  expect(leadsAway(url, PAGE)).toBe(false)
})
