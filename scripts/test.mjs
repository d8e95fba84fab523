// npm test: the same set-up as npm start, then every check. The last line is "N passed, N failed".
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

const CHECKS = [
  ['types: core', ['tsc', '-p', 'src/core']],
  ['types: data', ['tsc', '-p', 'src/data']],
  ['types: worker', ['tsc', '-p', 'src/worker']],
  ['types: service worker', ['tsc', '-p', 'src/sw']],
  ['types: all', ['tsc', '-p', '.']],
  ['types: components', ['svelte-check', '--fail-on-warnings', '--output', 'human']],
  ['lint and layer rules', ['eslint', '.', '--max-warnings', '0']],
  ['format', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['build', ['vite', 'build', '--logLevel', 'warn']],
]

let passed = 0
let failed = 0
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1)

for (const [name, [tool, ...args]] of CHECKS) {
  const start = Date.now()
  const ok = run('npx', ['--no-install', tool, ...args]) === 0
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'pass' : 'FAIL'}  ${name} (${seconds(start)} s)`)
}

mkdirSync(join(root, '.cache'), { recursive: true })
const folder = mkdtempSync(join(root, '.cache', 'test-'))
for (const project of ['unit', 'browser', 'e2e']) {
  const start = Date.now()
  const report = join(folder, `${project}.json`)
  const status = run('npx', [
    ...['--no-install', 'vitest', 'run', '--project', project],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${relative(root, report)}`],
  ])
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
rmSync(folder, { recursive: true, force: true })

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
