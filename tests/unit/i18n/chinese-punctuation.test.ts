import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Locale } from '#i18n/locale.svelte'

const CHINESE = String.raw`[\p{Script=Han}，。、；：？！（）“”…]`

/** A Western mark behind a Chinese character, or between a value and one, and a parenthesis beside one. */
const WESTERN_MARK = new RegExp(String.raw`${CHINESE}[,:;?!()]|[()]${CHINESE}|\}[,:;?!] ?\p{Script=Han}`, 'u')

function westernMarks(source: string): string[] {
  return source.split('\n').filter((line) => WESTERN_MARK.test(line))
}

const folder = 'src/i18n/zh'

test.each(readdirSync(folder))('%s sets Chinese text with Chinese punctuation', (file) => {
  expect(westernMarks(readFileSync(`${folder}/${file}`, 'utf8'))).toEqual([])
})

test.each([
  "a: '保存, 然后继续',",
  "a: '名称: Somnus',",
  "a: '要继续吗?',",
  "a: '中断(可继续)',",
  'a: (n: string) => `${n}, 然后继续`,',
])('a Western mark is found in %s', (line) => {
  expect(westernMarks(line)).toEqual([line])
})

test.each([
  "a: '最多 2,048 个词元（top-p 0.95）：继续',",
  "a: { en: '英文', zh: '中文' },",
  'a: (n) => (n === 0 ? `没有` : `${n} 个（${n}）`),',
])('none is found in %s', (line) => {
  expect(westernMarks(line)).toEqual([])
})

test('a list has the commas of its language', () => {
  expect(new Locale('en').list(['one', 'two'])).toBe('one, two')
  expect(new Locale('zh').list(['英文', '中文'])).toBe('英文、中文')
  expect(`Short${new Locale('en').bracketed('changed')}`).toBe('Short (changed)')
  expect(`简短${new Locale('zh').bracketed('已改动')}`).toBe('简短（已改动）')
})
