// Runs a TypeScript script of this folder through Vite's module runner, so that it shares src/core as it is.
// Usage: node scripts/run.mjs NAME [ARGUMENTS...]; the module exports main(args): Promise<exit code>.
import { fileURLToPath } from 'node:url'
import { root, setUp } from './setup.mjs'

setUp()
const { runnerImport } = await import('vite')

const [name, ...args] = process.argv.slice(2)
const { module } = await runnerImport(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), {
  configFile: false,
  root,
  logLevel: 'error',
})
process.exitCode = await module.main(args)
