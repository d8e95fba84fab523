/**
 * npm run check:build -- [FOLDER or URL] [--commit REF] [--linked]
 * Builds a commit (by default the present one) in a clean folder elsewhere, under another time zone, language, home
 * and file mask, and compares every file with the folder (by default dist) or with what the address serves.
 * Packages are installed as the lockfile names them; --linked takes those that are installed here.
 * Exit codes: 0 the same, 1 different, 2 wrong arguments or no build.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildHash, differences, hashesAt, hashesOfFolder, type Hashes } from './build-hashes'

const USAGE = 'Usage: npm run check:build -- [FOLDER or URL] [--commit REF] [--linked]'

/** Differences that are named; all are counted. */
const SHOWN = 40

export async function main(args: string[]): Promise<number> {
  const options = readArguments(args)
  if (!options) {
    console.error(USAGE)
    return 2
  }
  const { target, commit, linked } = options
  const place = mkdtempSync(join(tmpdir(), 'somnus-build-'))
  const tree = join(place, 'a place of its own')
  try {
    const hash = git('rev-parse', '--verify', `${commit}^{commit}`)
    git('worktree', 'add', '--quiet', '--detach', tree, hash)
    console.error(`Building ${hash} …`)
    buildIn(tree, join(place, 'home'), linked)
    const ours = hashesOfFolder(join(tree, 'dist'))
    console.log(
      `commit ${hash}\nbuild  ${buildHash(ours) ?? 'SHA256SUMS does not fit to the files'}\nfiles  ${ours.size}`,
    )
    return await compare(ours, target)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 2
  } finally {
    if (existsSync(tree)) git('worktree', 'remove', '--force', tree)
    rmSync(place, { recursive: true, force: true })
  }
}

function readArguments(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { commit: { type: 'string' }, linked: { type: 'boolean' } },
    })
    if (positionals.length > 1) return undefined
    return {
      target: positionals[0] ?? 'dist',
      commit: values.commit ?? 'HEAD',
      linked: values.linked ?? false,
    }
  } catch {
    return undefined
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

/** Builds as differently as one computer allows. */
function buildIn(tree: string, home: string, linked: boolean): void {
  if (linked) symlinkSync(resolve('node_modules'), join(tree, 'node_modules'))
  else
    runIn(tree, process.env, 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline')
  mkdirSync(home)
  const surroundings = {
    TZ: 'Pacific/Chatham',
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR.UTF-8',
    HOME: home,
    NO_COLOR: '1',
    NODE_ENV: 'production',
  }
  const mask = process.umask(0o077)
  try {
    runIn(
      tree,
      { ...process.env, ...surroundings },
      'npx',
      '--no-install',
      'vite',
      'build',
      '--logLevel',
      'warn',
    )
  } finally {
    process.umask(mask)
  }
}

function runIn(folder: string, env: NodeJS.ProcessEnv, command: string, ...args: string[]): void {
  execFileSync(command, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}

async function compare(ours: Hashes, target: string): Promise<number> {
  const isAddress = /^https?:/.test(target)
  if (!isAddress && !existsSync(target)) throw new Error(`There is no folder ${target}.`)
  const { hashes: theirs, unseen } = isAddress
    ? await hashesAt(target.endsWith('/') ? target : `${target}/`, ours.keys())
    : { hashes: hashesOfFolder(target), unseen: [] }
  const found = differences(ours, theirs).filter(({ path }) => !unseen.includes(path))
  for (const { path, kind } of found.slice(0, SHOWN)) console.log(`${kind.padEnd(10)} ${path}`)
  if (found.length > SHOWN) console.log(`… and ${found.length - SHOWN} more`)
  if (unseen.length > 0) console.log(`not served, so not compared: ${unseen.join(', ')}`)
  console.log(found.length === 0 ? `${target}: the same` : `${target}: ${found.length} files differ`)
  return found.length === 0 ? 0 : 1
}
