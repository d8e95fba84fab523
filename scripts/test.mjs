// npm test: the same set-up as npm start, then every check. The last line is "N passed, N failed".
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { BROWSER_VARIABLE, findChromium, NO_BROWSER } from './chromium.mjs'
import { root, run, setUp } from './setup.mjs'

setUp()

const browser = findChromium()
if (!browser) {
  console.error(NO_BROWSER)
  process.exit(1)
}
process.env[BROWSER_VARIABLE] = browser
console.log(`Browser: ${browser}`)

// The longest first, so that the others fill the time beside it.
const CHECKS = [
  ['lint and layer rules', ['eslint', '.', '--max-warnings', '0']],
  ['types: components', ['svelte-check', '--fail-on-warnings', '--output', 'human']],
  ['format', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['build', ['vite', 'build', '--logLevel', 'warn']],
  ['types: all', ['tsc', '-p', '.']],
  ['types: core', ['tsc', '-p', 'src/core']],
  ['types: data', ['tsc', '-p', 'src/data']],
  ['types: worker', ['tsc', '-p', 'src/worker']],
  ['types: service worker', ['tsc', '-p', 'src/sw']],
]

/** Type checkers throw away much; with the 16 MB of Node for what is young the linter collects for 16 s longer. */
const ROOM_FOR_YOUNG = '--max-semi-space-size=64'

/** More would only take memory from each other. */
const MOST_AT_ONCE = 2

let passed = 0
let failed = 0
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1)

/** Runs a program of the project beside another: its output comes in one piece, at the end. */
function runBeside([tool, ...args], nodeOptions = '') {
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', tool, ...args], {
      cwd: root,
      shell: process.platform === 'win32',
      env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${nodeOptions}`.trim() },
    })
    const output = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (status) => resolve({ status, output: Buffer.concat(output) }))
  })
}

async function check(name, command) {
  const start = Date.now()
  const { status, output } = await runBeside(command, ROOM_FOR_YOUNG)
  if (status === 0) passed++
  else {
    failed++
    process.stdout.write(output)
  }
  console.log(`${status === 0 ? 'pass' : 'FAIL'}  ${name} (${seconds(start)} s)`)
}

mkdirSync(join(root, '.cache'), { recursive: true })
const folder = mkdtempSync(join(root, '.cache', 'test-'))

async function testProject(project, runTests = runBeside) {
  const start = Date.now()
  const report = join(folder, `${project}.json`)
  const { status, output } = await runTests([
    ...['vitest', 'run', '--project', project],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${relative(root, report)}`],
  ])
  if (output) process.stdout.write(output)
  let counts = { numPassedTests: 0, numFailedTests: 0 }
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    console.error(`The ${project} tests left no report.`)
  }
  passed += counts.numPassedTests
  // A suite that breaks outside its tests, or runs none, fails as well.
  const broken = (status !== 0 && counts.numFailedTests === 0) || counts.numPassedTests === 0
  failed += counts.numFailedTests + (broken ? 1 : 0)
  console.log(`${status === 0 && !broken ? 'pass' : 'FAIL'}  ${project} tests (${seconds(start)} s)`)
}

const waiting = CHECKS.map(
  ([name, command]) =>
    () =>
      check(name, command),
)
// Second only to the linter in length.
waiting.splice(1, 0, () => testProject('unit'))
async function workOn() {
  for (let next = waiting.shift(); next; next = waiting.shift()) await next()
}
await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, availableParallelism()) }, workOn))

// After the build, which it looks into.
if (run(process.execPath, [join(root, 'scripts/audit.mjs')]) === 0) passed++
else failed++

// Alone: browsers answer questions for real.
const runAlone = ([tool, ...args]) => ({ status: run('npx', ['--no-install', tool, ...args]) })
for (const project of ['browser', 'e2e']) await testProject(project, runAlone)
rmSync(folder, { recursive: true, force: true })

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
