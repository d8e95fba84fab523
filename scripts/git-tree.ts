/** The hash by which git names the content of a folder, computed without git. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const EXECUTABLE = 0o100

interface Entry {
  name: string
  mode: '40000' | '100644' | '100755'
  sha1: Buffer
}

/**
 * SHA-1 (hex) of the tree object of `folder`. `ignored`: names in the outermost folder that belong to no commit.
 * `contents`: what git has for files that an archive changes, by their path with "/".
 */
export function gitTree(
  folder: string,
  ignored: ReadonlySet<string>,
  contents: ReadonlyMap<string, string>,
): string {
  const treeOf = (path: string): Buffer => {
    const entries = readdirSync(join(folder, path), { withFileTypes: true })
      .filter(({ name }) => path !== '' || !ignored.has(name))
      .map((entry): Entry => {
        const inner = path === '' ? entry.name : `${path}/${entry.name}`
        if (entry.isDirectory()) return { name: entry.name, mode: '40000', sha1: treeOf(inner) }
        const content = contents.get(inner) ?? readFileSync(join(folder, inner))
        const isExecutable = (statSync(join(folder, inner)).mode & EXECUTABLE) !== 0
        const mode = isExecutable ? '100755' : '100644'
        return { name: entry.name, mode, sha1: objectHash('blob', Buffer.from(content)) }
      })
    // Git sorts by bytes, folders as if their names ended in "/".
    const key = ({ name, mode }: Entry) => Buffer.from(mode === '40000' ? `${name}/` : name)
    entries.sort((one, other) => Buffer.compare(key(one), key(other)))
    return objectHash(
      'tree',
      Buffer.concat(entries.flatMap(({ mode, name, sha1 }) => [Buffer.from(`${mode} ${name}\0`), sha1])),
    )
  }
  return treeOf('').toString('hex')
}

function objectHash(type: 'blob' | 'tree', content: Buffer): Buffer {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest()
}
