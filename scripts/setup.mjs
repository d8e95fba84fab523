// What both `npm start` and `npm test` need first: a Node that runs the tools, and the locked packages.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const OLDEST_NODE = [20, 19]

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  console.error(`Somnus needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/** npm's own record of what is installed must hold every locked version that this platform needs. */
function packagesAreInstalled() {
  const record = `${root}node_modules/.package-lock.json`
  if (!existsSync(record)) return false
  const locked = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  )
}

/** Runs a program of the project with its output shown; gives its exit code. */
export function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    // npm and npx are .cmd files on Windows, which only a shell starts.
    shell: process.platform === 'win32',
    ...options,
  })
  return status ?? 1
}

/** Checks Node and installs the locked packages when they are missing or outdated; exits on failure. */
export function setUp() {
  checkNode()
  if (packagesAreInstalled()) return
  // On standard error: what a command prints on standard output is for programs to read.
  console.error('Installing packages…')
  const install = ['ci', '--include=dev', '--no-audit', '--no-fund']
  if (run('npm', install, { stdio: ['inherit', process.stderr.fd, 'inherit'] }) === 0) return
  console.error('The packages could not be installed. Is the npm registry reachable?')
  process.exit(1)
}
