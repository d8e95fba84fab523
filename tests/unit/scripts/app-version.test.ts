import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appVersion, sourcesHash, wasmSha256 } from '../../../scripts/app-version'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'somnus-version-'))
  for (const folder of ['one/src/core', 'one/public']) mkdirSync(join(root, folder), { recursive: true })
  const files = ['index.html', 'models.json', 'package-lock.json', 'vite.config.ts']
  for (const file of [...files, 'src/core/engine.ts', 'public/icon.svg'])
    writeFileSync(join(root, 'one', file), file)
  cpSync(join(root, 'one'), join(root, 'two'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the hash of the sources', () => {
  it('is the same wherever the same sources lie, whatever lies beside them', () => {
    writeFileSync(join(root, 'two/notes.txt'), 'mine')
    expect(sourcesHash(join(root, 'one'))).toMatch(/^[0-9a-f]{12}$/)
    expect(sourcesHash(join(root, 'two'))).toBe(sourcesHash(join(root, 'one')))
  })

  it.each([
    ['a changed file', 'src/core/engine.ts'],
    ['a new file', 'public/new.txt'],
  ])('differs for %s', (_, path) => {
    writeFileSync(join(root, 'two', path), 'changed')
    expect(sourcesHash(join(root, 'two'))).not.toBe(sourcesHash(join(root, 'one')))
  })
})

describe('the version', () => {
  it('names the commit, or the sources where they differ from it or there is none', () => {
    expect(appVersion('1.2.3')).toMatch(
      /^1\.2\.3\+([0-9a-f]{12}(-modified\.[0-9a-f]{12})?|source\.[0-9a-f]{12})$/,
    )
  })
})

it('hashes both builds of the CPU engine', () => {
  const { default: plain, compatible } = wasmSha256()
  expect(plain).toMatch(/^[0-9a-f]{64}$/)
  expect(compatible).toMatch(/^[0-9a-f]{64}$/)
  expect(compatible).not.toBe(plain)
})
