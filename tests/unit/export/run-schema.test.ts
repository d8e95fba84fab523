/** The published schema of run exports: it fits what is exported, the type it is exported from, and nothing else. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import schema from '../../../public/schemas/somnus-run-2.schema.json'
import sampledSchema from '../../../public/schemas/somnus-run-3.schema.json'
import type { ExportableRun } from '#core/export/exportable-run'
import type { RunExport } from '#core/export/run-export'
import { RUN_SCHEMA, SAMPLED_RUN_SCHEMA } from '#core/export/run-schema'
import { randomAnswers } from '../score/answers'
import { exported, fullRun, lettersRun, plan, run } from './runs'
import { sampledRun } from './sampled-runs'
import { shapeOfSchema, shapesOfTypes, type Schema } from './type-shape'

const ajv = new Ajv2020({ allErrors: true, strict: true })
const plainFits = ajv.compile(schema)
const sampledFits = ajv.compile(sampledSchema)

/** Where a file does not fit, e.g. "/plan/decoding must have required property 'seed'". */
function problems(file: unknown, validate = plainFits): string[] {
  validate(file)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** What a failure holds depends on its kind and is for people. */
const OPEN = ['failure']

describe('the schema', () => {
  it('has the name that exports give it', () => {
    expect(schema.$id).toBe(RUN_SCHEMA)
    // Its place in public/ is its address on the site.
    expect(RUN_SCHEMA).toBe('schemas/somnus-run-2.schema.json')
    expect(sampledSchema.$id).toBe(SAMPLED_RUN_SCHEMA)
    expect(SAMPLED_RUN_SCHEMA).toBe('schemas/somnus-run-3.schema.json')
  })

  it('says of every member what its TypeScript type says', () => {
    const file = 'src/core/export/run-versions.ts'
    const [plain, sampled] = shapesOfTypes(file, ['RunExport2', 'RunExport3'], OPEN)
    expect(shapeOfSchema(schema as unknown as Schema, OPEN)).toEqual(plain)
    expect(shapeOfSchema(sampledSchema as unknown as Schema, OPEN)).toEqual(sampled)
    // It compiles the types of half of core.
  }, 60_000)
})

describe('exports fit the schema', () => {
  const part = { ...fullRun(), plan: { ...fullRun().plan, askedSha256: null } }
  const imported: ExportableRun = {
    ...run(),
    plan: {
      ...plan,
      origin: {
        kind: 'imported',
        at: 5,
        fileSha256: 'ee'.repeat(32),
        runId: plan.id,
        made: { kind: 'merged', runIds: [plan.id], parts: [1], of: 2 },
        checks: [{ id: 'file-hash', outcome: 'passed', checked: 1, failed: 0, positions: [] }],
      },
    },
  }

  it.each([
    ['a plain run', run()],
    ['a run with everything', fullRun()],
    ['a part without the hash of its list', part],
    ['a run of forward passes', lettersRun()],
    ['an imported run', imported],
    ['a run not begun', run({ starts: [], ended: null, state: { kind: 'ready' }, answers: [], flags: {} })],
    ['many answers', run({ answers: randomAnswers(100, 4) })],
  ])('%s', (_, of) => {
    expect(problems(exported(of))).toEqual([])
    expect(problems(exported(of, { includeQuestions: false }))).toEqual([])
  })

  it('a run of several replies', () => {
    expect(problems(exported(sampledRun()), sampledFits)).toEqual([])
    expect(problems(exported(sampledRun(), { includeQuestions: false }), sampledFits)).toEqual([])
    expect(problems(exported(sampledRun()))).not.toEqual([])
    expect(problems(exported(run()), sampledFits)).not.toEqual([])
  })
})

describe('refused are', () => {
  const changes: [string, (file: RunExport) => void, string][] = [
    ['another version', (file) => Object.assign(file, { version: 3 }), '/version must be equal to constant'],
    [
      'a member that nobody knows',
      (file) => Object.assign(file.answers[0]!, { score: 1 }),
      '/answers/0 must NOT have additional properties',
    ],
    [
      'a missing member',
      (file) => Reflect.deleteProperty(file.plan.decoding, 'seed'),
      "/plan/decoding must have required property 'seed'",
    ],
    ['a letter that is none', (file) => (file.answers[0]!.item.key = 'b'), '/answers/0/item/key must match'],
    ['half a hash', (file) => (file.receiptSha256 = 'abc'), '/receiptSha256 must match pattern'],
    [
      'a probability above 1',
      (file) => (file.answers[0]!.forward!.probabilities[0] = 1.5),
      '/answers/0/forward/probabilities/0 must be <= 1',
    ],
    [
      'a level that AnesBench does not have',
      (file) => Object.assign(file.answers[0]!.item, { level: 4 }),
      '/answers/0/item/level must be equal to one of the allowed values',
    ],
    [
      'a pause for no known reason',
      (file) => Object.assign(file.interruptions[0]!, { reason: 'tired' }),
      '/interruptions/0/reason must',
    ],
  ]

  it.each(changes)('%s', (_, change, problem) => {
    const file = exported(fullRun())
    change(file)
    expect(problems(file)).toContainEqual(expect.stringContaining(problem))
  })
})
