import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { readLicences } from '#core/licences'
import { EMBEDDED } from '../../../scripts/licences/embedded'
import { isAllowed, licenceList, packageOf } from '../../../scripts/licences/list'

const OWN = { name: 'Somnus', version: '1.0.0', licence: 'Apache-2.0' }

describe('a licence', () => {
  it.each([
    ['MIT', true],
    ['(MPL-2.0 OR Apache-2.0)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0', false],
    ['AGPL-3.0-only', false],
    ['SEE LICENSE IN FILE', false],
    ['', false],
  ])('%j is allowed: %s', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed)
  })
})

describe('the package of a module', () => {
  it.each([
    ['/home/a/somnus/node_modules/idb/build/index.js', 'idb'],
    ['C:\\somnus\\node_modules\\@wllama\\wllama\\esm\\index.js', '@wllama/wllama'],
    ['/s/node_modules/svelte/node_modules/clsx/dist/clsx.mjs?v=1', 'clsx'],
    ['/s/src/core/result.ts', undefined],
    ['\0vite/preload-helper.js', undefined],
  ])('%s', (id, name) => {
    expect(packageOf(id)).toBe(name)
  })
})

describe('the list', () => {
  const { list, problems } = licenceList(
    '.',
    ['svelte', '@mlc-ai/web-llm', '@wllama/wllama-compat', 'idb'],
    OWN,
  )

  it('names the project first, then packages by name, each with what is inside its ready-made files', () => {
    expect(problems).toEqual([])
    const names = list.works.map(({ name, within }) => (within ? `${within} > ${name}` : name))
    expect(names).toEqual([
      'Somnus',
      '@mlc-ai/web-llm',
      ...EMBEDDED['@mlc-ai/web-llm']!.map(({ name }) => `@mlc-ai/web-llm > ${name}`).sort(),
      '@wllama/wllama-compat',
      'idb',
      'svelte',
    ])
    for (const { text } of list.works) expect(list.texts[text]).toMatch(/licen[cs]e|permission/i)
  })

  it('is the same whatever order the packages were found in, and is read back', () => {
    const other = licenceList('.', ['idb', '@wllama/wllama-compat', '@mlc-ai/web-llm', 'svelte'], OWN)
    expect(other.list).toEqual(list)
    expect(readLicences(JSON.stringify(list))).toEqual(list)
  })

  it('stops at a licence that is not allowed', () => {
    expect(licenceList('.', [], { ...OWN, licence: 'GPL-3.0' }).problems).toEqual([
      'Somnus has the licence GPL-3.0, which is not in the allowed list',
    ])
  })

  it.each(['<!doctype html>', '{"works":[{}],"texts":[]}', '{"works":[],"texts":1}'])(
    'is not read from %s',
    (text) => {
      expect(readLicences(text)).toBeNull()
    },
  )
})

it('knows every work that WebLLM bundles, by its source map', () => {
  const map = createRequire(import.meta.url)
    .resolve('@mlc-ai/web-llm')
    .replace(/\.js$/, '.js.map')
  const head = readFileSync(map, 'utf8').slice(0, 10_000)
  const sources = JSON.parse(/"sources":(\[[^\]]*\])/.exec(head)?.[1] ?? '[]') as string[]
  const bundled = sources.flatMap((source) => packageOf(source.replace('..', '')) ?? [])
  expect([...new Set(bundled)].sort()).toEqual(EMBEDDED['@mlc-ai/web-llm']!.map(({ name }) => name).sort())
})
