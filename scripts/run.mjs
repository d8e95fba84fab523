// Runs a TypeScript script of this folder through Vite's module runner, so that it shares src/core as it is.
// Usage: node scripts/run.mjs NAME [ARGUMENTS...]; the module exports main(args): Promise<exit code>.
import { fileURLToPath } from 'node:url'
import { root, setUp } from './setup.mjs'

setUp()
const { runnerImport } = await import('vite')
const { NODE_ENV } = process.env

const [name, ...args] = process.argv.slice(2)
const { module } = await runnerImport(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), {
  configFile: false,
  root,
  logLevel: 'error',
})
// Vite sets it for the script; a site that the script builds would be one for development.
if (NODE_ENV === undefined) delete process.env.NODE_ENV
process.exitCode = await module.main(args)
