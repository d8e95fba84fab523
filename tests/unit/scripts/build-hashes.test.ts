import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sumsFile } from '#core/site/build'
import { buildHash, differences, hashesAt, hashesOfFolder } from '../../../scripts/build-hashes'
import { serve } from '../../../scripts/serve.mjs'
import { filesOf } from '../../../scripts/site-build'

let folder: string
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-hashes-'))
  mkdirSync(join(folder, 'assets'))
  for (const path of ['_headers', 'index.html', 'sw.js', 'assets/a b.js'])
    writeFileSync(join(folder, path), path)
  writeFileSync(join(folder, 'SHA256SUMS'), sumsFile(filesOf(folder)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('names a build by the hash of its list, as long as the list fits', () => {
  const hashes = hashesOfFolder(folder)
  const files = filesOf(folder).filter(({ path }) => path !== 'SHA256SUMS')
  expect(buildHash(hashes)).toBe(sha256(sumsFile(files)))
  expect(buildHash(new Map([...hashes, ['index.html', sha256('changed')]]))).toBeUndefined()
})

it('says what another build has otherwise', () => {
  const ours = new Map([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  const theirs = new Map([
    ['b', '9'],
    ['c', '3'],
    ['d', '4'],
  ])
  expect(differences(ours, theirs)).toEqual([
    { path: 'a', kind: 'missing' },
    { path: 'b', kind: 'different' },
    { path: 'd', kind: 'additional' },
  ])
  expect(differences(ours, ours)).toEqual([])
})

it('asks a served site for every file that hosts hand out', async () => {
  const { server, url } = await serve({ folder, port: 0, base: '/some/', host: '127.0.0.1' })
  const ours = hashesOfFolder(folder)
  const { hashes, unseen } = await hashesAt(url, [...ours.keys(), 'gone.js'])
  server.close()
  expect(unseen).toEqual(['_headers'])
  expect(hashes).toEqual(new Map([...ours].filter(([path]) => path !== '_headers')))
})
