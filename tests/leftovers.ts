/**
 * The unit test files share one process: after each, what it changed for the others must be as before. Compared are the
 * values of globals and of the process; getters, and what lies inside objects and modules, are not.
 */
import { afterAll, expect, vi } from 'vitest'

/** What libraries put in place for good when they are first loaded. */
const OF_LIBRARIES = [
  'process.chdir',
  'process.cwd',
  'globalThis.__zod_globalConfig',
  'globalThis.__zod_globalRegistry',
]

const shared = { globalThis, console, process, WebAssembly, env: process.env }

/** Globals that Node or vitest puts in place only when they are first read have no value before. */
const values = (object: object) =>
  new Map(
    Object.entries(Object.getOwnPropertyDescriptors(object)).map(([name, { value }]) => [
      name,
      value as unknown,
    ]),
  )

const states = Object.entries(shared).map(([name, object]) => ({ name, object, before: values(object) }))
const folder = process.cwd()

afterAll(() => {
  const left = states.flatMap(({ name, object, before }) => {
    const after = values(object)
    const changed = [...before].filter(
      ([key, value]) => value !== undefined && !Object.is(value, after.get(key)),
    )
    const added = [...after].filter(([key]) => !before.has(key))
    return [...changed, ...added]
      .map(([key]) => `${name}.${key}`)
      .filter((key) => !OF_LIBRARIES.includes(key))
  })
  if (vi.isFakeTimers()) left.push('fake timers')
  if (process.cwd() !== folder) left.push('working folder')
  expect(left, 'left behind by the tests of this file').toEqual([])
})
