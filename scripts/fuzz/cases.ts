/** Cases: the seeds as they are, then mutations of them. A case is named by target, seed number and index. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { chance, type Chance } from './chance'
import { mutateFile } from './mutate-file'
import type { Files, Target } from './targets'

export const SEED_FOLDER = 'tests/fixtures/fuzz'

/** Larger failures are only named: seeds stay small enough to be read. */
const KEPT_BYTES = 64 * 1024

/** Far above the number of cases of any run, so that no two targets share random numbers. */
const STREAMS_PER_TARGET = 100_000_000

/** Seeds with this name are as slow as can be, and so would be what is made of them: they are read as they are. */
const SLOW = 'slow-'

export interface Seed {
  name: string
  files: Files
}

/** A target's seeds in the order of their names: folders of `SEED_FOLDER`, then the target's further files. */
export function loadSeeds({ name, seedFiles = [] }: Target): Seed[] {
  const folder = join(SEED_FOLDER, name)
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  return [
    ...names.map((each) => ({ name: each, files: filesBelow(join(folder, each)) })),
    ...seedFiles.map((path) => ({ name: basename(path), files: new Map([[basename(path), bytesOf(path)]]) })),
  ]
}

function filesBelow(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return new Map(paths.map((path) => [relative(folder, path).replaceAll('\\', '/'), bytesOf(path)]))
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path))
}

/** The case `index` of the target at `position`; the first ones are the seeds themselves. */
export function makeCase(seeds: readonly Seed[], position: number, seed: number, index: number): Files {
  const itself = seeds[index]
  if (itself) return itself.files
  const random = chance(seed, position * STREAMS_PER_TARGET + index)
  return mutate(random.pick(seeds.filter(({ name }) => !name.startsWith(SLOW))).files, random)
}

function mutate(files: Files, random: Chance): Files {
  const mutated = new Map(files)
  const paths = [...files.keys()]
  const path = random.pick(paths)
  const bytes = files.get(path) ?? new Uint8Array(0)
  if (paths.length > 1 && random.onceIn(20)) {
    // A file that is missing, or holds what belongs into another.
    if (random.onceIn(2)) mutated.delete(path)
    else mutated.set(path, files.get(random.pick(paths)) ?? bytes)
  } else mutated.set(path, random.onceIn(200) ? new Uint8Array(0) : mutateFile(path, bytes, random))
  return mutated
}

/** Writes a failing case among the seeds, so that every later run begins with it; gives its folder, or null. */
export function keepCase(target: string, files: Files): string | null {
  const parts = [...files]
  if (parts.reduce((sum, [, { length }]) => sum + length, 0) > KEPT_BYTES) return null
  const hash = createHash('sha256')
  for (const [path, bytes] of parts) hash.update(path).update(bytes)
  const folder = join(SEED_FOLDER, target, `found-${hash.digest('hex').slice(0, 12)}`)
  for (const [path, bytes] of parts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return folder
}
