import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appVersion, sourcesHash, wasmSha256 } from '../../../scripts/app-version'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'somnus-version-'))
  for (const folder of ['one/src/core', 'one/public', 'one/scripts'])
    mkdirSync(join(root, folder), { recursive: true })
  const files = [
    ...['LICENSE', 'index.html', 'libraries.json', 'models.json', 'package-lock.json', 'package.json'],
    ...['svelte.config.js', 'vite.config.ts', 'scripts/serve.mjs'],
  ]
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
    expect(appVersion('1.2.3', join(root, 'one'))).toBe(`1.2.3+source.${sourcesHash(join(root, 'one'))}`)
  })

  it('is that of the commit in an archive that git made, as long as nothing was changed in it', () => {
    const [repository, archive] = [join(root, 'one'), join(root, 'archive')]
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
        cwd: repository,
        encoding: 'utf8',
      }).trim()
    cpSync('scripts/commit.txt', join(repository, 'scripts/commit.txt'))
    cpSync('.gitattributes', join(repository, '.gitattributes'))
    mkdirSync(join(repository, 'src/core.d'))
    writeFileSync(join(repository, 'src/core.d/é.ts'), 'x', { mode: 0o755 })
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '-m', 'All')
    git('archive', '--prefix=archive/', '--output', join(root, 'archive.tar'), 'HEAD')
    execFileSync('tar', ['-xf', join(root, 'archive.tar'), '-C', root])
    mkdirSync(join(archive, 'node_modules'))

    const version = `1.0.0+${git('rev-parse', 'HEAD').slice(0, 12)}`
    expect(appVersion('1.0.0', repository)).toBe(version)
    expect(appVersion('1.0.0', archive)).toBe(version)
    writeFileSync(join(archive, 'index.html'), 'changed')
    expect(appVersion('1.0.0', archive)).toBe(`${version}-modified.${sourcesHash(archive)}`)
    writeFileSync(join(repository, 'new.txt'), 'changed')
    expect(appVersion('1.0.0', repository)).toBe(`${version}-modified.${sourcesHash(repository)}`)
  })
})

it('hashes both builds of the CPU engine', () => {
  const { default: plain, compatible } = wasmSha256()
  expect(plain).toMatch(/^[0-9a-f]{64}$/)
  expect(compatible).toMatch(/^[0-9a-f]{64}$/)
  expect(compatible).not.toBe(plain)
})
