import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTar, tarHeader, tarPadding, TAR_END_BYTES, TAR_FILE_LIMIT_BYTES } from '#core/model/tar'

const LONG = `${'folder/'.repeat(18)}params_shard_12.bin`
const FILES = new Map([
  ['pack/somnus-model.json', '{"format":"x"}'],
  ['pack/params_shard_0.bin', 'x'.repeat(512)],
  ['pack/empty.bin', ''],
  ['pack/麻醉.json', '药'],
  [LONG, 'deep'],
])

function archive(files: ReadonlyMap<string, string>): Buffer {
  const parts: Uint8Array[] = []
  for (const [path, text] of files) {
    const content = Buffer.from(text)
    const header = tarHeader(path, content.length, 1_700_000_000)
    if (!header.ok) throw new Error(JSON.stringify(header.failure))
    parts.push(header.value, content, new Uint8Array(tarPadding(content.length)))
  }
  return Buffer.concat([...parts, new Uint8Array(TAR_END_BYTES)])
}

const read = (bytes: Uint8Array) =>
  readTar('x.tar', bytes.length, (at, length) => Promise.resolve(bytes.subarray(at, at + length)))

/** path -> content, as read back. */
async function contents(bytes: Buffer): Promise<Map<string, string>> {
  const entries = await read(bytes)
  if (!entries.ok) throw new Error(JSON.stringify(entries.failure))
  return new Map(
    entries.value.map(({ path, offset, bytes: size }) => [
      path,
      bytes.toString('utf8', offset, offset + size),
    ]),
  )
}

function hasTar(): boolean {
  try {
    return execFileSync('tar', ['--version'], { stdio: 'pipe' }).length > 0
  } catch {
    return false
  }
}

describe('a tar archive', () => {
  it('gives back what was put in', async () => {
    expect(await contents(archive(FILES))).toEqual(FILES)
  })

  it.skipIf(!hasTar())('is read by the tar of the system, and the other way round', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tar-'))
    try {
      await writeFile(join(folder, 'ours.tar'), archive(FILES))
      const tar = (...args: string[]) =>
        execFileSync('tar', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
      const listed = tar('--quoting-style=literal', '-tf', 'ours.tar').trim().split('\n')
      expect(listed).toEqual([...FILES.keys()])
      tar('-xf', 'ours.tar')
      expect(await readFile(join(folder, LONG), 'utf8')).toBe('deep')
      for (const format of ['ustar', 'gnu', 'pax']) {
        tar('--format', format, '-cf', 'theirs.tar', './pack', LONG)
        expect(await contents(await readFile(join(folder, 'theirs.tar'))), format).toEqual(FILES)
      }
      await mkdir(join(folder, 'links'))
      tar('-cf', 'theirs.tar', 'links')
      expect(await contents(await readFile(join(folder, 'theirs.tar')))).toEqual(new Map())
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('a file beyond the format is refused', () => {
    expect(tarHeader('x', TAR_FILE_LIMIT_BYTES, 0)).toMatchObject({ ok: true })
    expect(tarHeader('x', TAR_FILE_LIMIT_BYTES + 1, 0)).toMatchObject({
      failure: { kind: 'too-large', limitBytes: TAR_FILE_LIMIT_BYTES },
    })
    expect(tarHeader('n'.repeat(101), 1, 0)).toMatchObject({ failure: { kind: 'file-invalid' } })
  })

  const sound = archive(new Map([['a', 'x'.repeat(600)]]))
  const broken = (change: (bytes: Buffer) => void) => {
    const copy = Buffer.from(sound)
    change(copy)
    return copy
  }
  it.each([
    ['another file', Buffer.from('PK'.repeat(600))],
    ['nothing', Buffer.alloc(0)],
    ['cut in a file', sound.subarray(0, 700)],
    ['cut before its end', sound.subarray(0, 512 + 1024)],
    ['a changed name', broken((bytes) => bytes.write('b', 0))],
    ['a changed size', broken((bytes) => bytes.write('77777777777', 124))],
    ['a path outside', headed('../../etc/passwd')],
    ['an absolute path', headed('/etc/passwd')],
    ['a path of Windows', headed('a\\..\\b')],
    ['more bytes than there are', headed('a', 10 ** 9)],
    ['more entries than any pack', many(10_001)],
    ['a name of more than 64 KB', longName(65 * 1024)],
  ])('%s: refused', async (_, bytes) => {
    expect(await read(bytes)).toMatchObject({ ok: false, failure: { kind: 'file-invalid', path: 'x.tar' } })
  })
})

function many(entries: number): Buffer {
  return archive(new Map(Array.from({ length: entries }, (_, at) => [String(at), ''])))
}

/** A pax record of so many bytes before a file. */
function longName(bytes: number): Buffer {
  const whole = archive(new Map([['record', 'x'.repeat(bytes)]]))
  const sum = Number.parseInt(whole.toString('ascii', 148, 154), 8) + 'x'.charCodeAt(0) - '0'.charCodeAt(0)
  whole.write('x', 156)
  whole.write(sum.toString(8).padStart(6, '0'), 148)
  return whole
}

function headed(path: string, bytes = 0): Buffer {
  const header = tarHeader(path, bytes, 0)
  if (!header.ok) throw new Error('header')
  return Buffer.concat([header.value, new Uint8Array(TAR_END_BYTES)])
}
