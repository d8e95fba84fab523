import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EvaluationReport } from '#app/evaluation'
import type { RunExport } from '#core/export/run-export'
import schema from '../../public/schemas/somnus-run-2.schema.json'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-evaluate-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function evaluate(...args: string[]) {
  return promisify(execFile)(process.execPath, ['scripts/run.mjs', 'evaluate', '--no-build', ...args])
}

test('evaluate prints one line of JSON that matches the run it writes', async () => {
  const out = join(folder, 'run.json')
  const { stdout } = await evaluate(
    ...['--model', 'formulary', '--dataset', 'public/datasets/formulary_en.json'],
    ...['--limit', '6', '--seed', '3', '--out', out, '--profile', join(folder, 'profile')],
  )
  expect(stdout.trim().split('\n')).toHaveLength(1)
  const report = JSON.parse(stdout) as EvaluationReport
  const run = JSON.parse(readFileSync(out, 'utf8')) as RunExport
  const fits = new Ajv2020().compile(schema)
  expect(fits(run), JSON.stringify(fits.errors)).toBe(true)
  expect(report.items).toBe(6)
  expect(report.seed).toBe(3)
  expect(report.dataset.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(report.model.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(report.tokensPerSecond).toBeGreaterThan(0)
  expect(run.answers).toHaveLength(6)
  const right = run.answers.filter((answer) => answer.officialLetter === answer.item.key).length
  expect(report.protocol).toBe('generate')
  expect(report.official?.correct).toBe(right)
  expect(report.forward).toBeUndefined()
  const byLevel = Object.values(report.official?.byLevel ?? {})
  expect(byLevel.reduce((sum, { n }) => sum + n, 0)).toBe(6)
})

test('evaluate scores the letters of one forward pass, alone or after the reply', async () => {
  const common = ['--model', 'formulary', '--dataset', 'public/datasets/formulary_en.json']
  const profile = ['--limit', '20', '--seed', '3', '--profile', join(folder, 'letters-profile')]
  const letters = JSON.parse(
    (await evaluate(...common, ...profile, '--protocol', 'letters')).stdout,
  ) as EvaluationReport
  expect(letters.protocol).toBe('letters')
  expect(letters.official).toBeUndefined()
  expect(letters.tokensPerSecond).toBeNull()
  // The built-in model was trained on this exam: chance is a quarter.
  expect(letters.forward?.correct).toBeGreaterThanOrEqual(16)
  const out = join(folder, 'both.json')
  const both = JSON.parse(
    (await evaluate(...common, ...profile, '--protocol', 'both', '--out', out)).stdout,
  ) as EvaluationReport
  expect(both.forward).toEqual(letters.forward)
  expect(both.official?.n).toBe(20)
  const run = JSON.parse(readFileSync(out, 'utf8')) as RunExport
  expect(run.answers.every(({ forward, reply }) => forward !== null && reply !== '')).toBe(true)
})

test.each([
  [['--dataset', 'public/datasets/formulary_en.json'], '--model is missing'],
  [['--model', 'formulary'], '--dataset is missing'],
  [['--model', 'formulary', '--dataset', 'nowhere.json'], 'there is no file "nowhere.json"'],
  [['--model', 'formulary', '--dataset', 'package.json', '--limit', '0'], '--limit must be'],
  [['--model', 'formulary', '--dataset', 'package.json', '--protocol', 'x'], '--protocol must be'],
])('evaluate refuses %j', async (args, message) => {
  const failed = await evaluate(...args).catch((error: unknown) => error as { code: number; stderr: string })
  expect(failed).toMatchObject({ code: 2 })
  expect(failed.stderr).toContain(message)
})
