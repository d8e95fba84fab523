import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  checkGeneration,
  generationOf,
  libraryGeneration,
  RUNTIMES,
  type LibraryGeneration,
} from '#core/model/library-interface'

const WASI = ['fd_write', 'proc_exit', 'clock_time_get']

function libraryOf(generation: LibraryGeneration) {
  const { provides, calls } = RUNTIMES[generation]
  return { imports: [...WASI, ...provides], exports: ['memory', '_initialize', ...calls] }
}

describe('the generation of a library', () => {
  it.each(['v0_2_48', 'v0_2_80', 'v0_2_86'] as const)(
    '%s is told from what it links against',
    (generation) => {
      expect(libraryGeneration(libraryOf(generation))).toBe(generation)
      expect(checkGeneration('x.wasm', libraryOf(generation), generation)).toEqual({
        ok: true,
        value: undefined,
      })
    },
  )

  it('names both when it is not the one that is needed', () => {
    expect(checkGeneration('x.wasm', libraryOf('v0_2_48'), 'v0_2_86')).toEqual({
      ok: false,
      failure: { kind: 'library-generation', found: 'v0_2_48', needed: 'v0_2_86' },
    })
  })

  it('a newer library with an import that is not provided is of an unknown generation', () => {
    const newer = libraryOf('v0_2_86')
    expect(
      checkGeneration('x.wasm', { ...newer, imports: [...newer.imports, 'TVMFFINew'] }, 'v0_2_86'),
    ).toEqual({
      ok: false,
      failure: { kind: 'library-generation', found: 'unknown', needed: 'v0_2_86' },
    })
  })

  it('any other WebAssembly module is no library', () => {
    expect(checkGeneration('x.wasm', { imports: [], exports: ['add'] }, 'v0_2_86')).toMatchObject({
      failure: { kind: 'file-invalid', path: 'x.wasm', where: 'exports' },
    })
  })

  it.each([
    ['0.2.46', 'v0_2_48'],
    ['0.2.79', 'v0_2_48'],
    ['0.2.80', 'v0_2_80'],
    ['0.2.83', 'v0_2_80'],
    ['0.2.86', 'v0_2_86'],
    ['0.3.0', 'v0_2_86'],
  ])('WebLLM %s needs %s', (version, generation) => {
    expect(generationOf(version)).toBe(generation)
  })
})

describe('the runtimes are those of the installed packages', () => {
  it.each([
    ['@mlc-ai/web-llm', 'v0_2_86'],
    ['web-llm-0.2.79', 'v0_2_48'],
  ] as const)('%s', async (name, generation) => {
    const source = await readFile(`node_modules/${name}/lib/index.js`, 'utf8')
    const table =
      /wasmImports=\{([^}]*)\}/.exec(source.slice(source.indexOf('__wasmLibInstantiateWasm')))?.[1] ?? ''
    const given = new Set([
      ...table.split(',').map((entry) => entry.split(':')[0]),
      '__cxa_thread_atexit',
      '__console_log',
    ])
    expect(new Set(RUNTIMES[generation].provides)).toEqual(given)
    const called = [...source.matchAll(/\bexports\s*\.(TVM[A-Za-z0-9]+)[,;)(]/g)].map(
      ([, word]) => word ?? '',
    )
    // Types of the package itself that are exported under such names.
    const own = ['TVMArray', 'TVMObject']
    expect(new Set(called.filter((word) => !own.includes(word)))).toEqual(new Set(RUNTIMES[generation].calls))
  })
})
