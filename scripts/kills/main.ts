/**
 * npm run -s kills -- [--count N] [--seed S] [--only NAME,...] [--no-build]
 * Kills a real browser with SIGKILL at random moments of runs, chats, imports and migrations, starts it again and
 * compares what is stored with what the app had called stored. Exit code 1 where anything is lost or doubled.
 */
import { parseArgs } from 'node:util'
import { build, preview } from 'vite'
import { randomBelow } from '#core/run/random'
import { chatScenario } from './chat-scenario'
import { heldRunScenario } from './held-run-scenario'
import { importScenario } from './import-scenario'
import { killOften } from './kill'
import { migrationScenario } from './migration-scenario'
import { runScenario } from './run-scenario'
import { sampledRunScenario } from './sampled-run-scenario'
import type { Scenario } from './scenario'

export const SCENARIOS: readonly Scenario[] = [
  runScenario,
  chatScenario,
  importScenario,
  migrationScenario,
  sampledRunScenario,
  heldRunScenario,
]

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: SCENARIOS.map(({ name }) => name).join() },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const wanted = SCENARIOS.filter(({ name }) => values.only.split(',').includes(name))
  if (wanted.length === 0) {
    console.error(`There are ${SCENARIOS.map(({ name }) => name).join(', ')}.`)
    return 2
  }
  if (!values['no-build']) await build({ logLevel: 'error' })
  const server = await preview({ logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } })
  const faults: string[] = []
  try {
    for (const [index, scenario] of wanted.entries()) {
      const count = Math.ceil((Number(values.count) - index) / wanted.length)
      const random = randomBelow(Number(values.seed), index)
      const url = server.resolvedUrls?.local[0] ?? ''
      // At once: a browser that does not start on a busy machine ends the command.
      const onKill = (found: readonly string[]) =>
        process.stderr.write(found.length === 0 ? '.' : `F\n${found.join('\n')}\n`)
      faults.push(...(await killOften(scenario, { url, count, random, onKill })))
      process.stderr.write('\n')
      console.log(`${scenario.name}: ${count} kills`)
    }
  } finally {
    await server.close()
  }
  for (const fault of faults) console.log(fault)
  console.log(faults.length === 0 ? 'Nothing was lost or doubled.' : `${faults.length} faults`)
  return faults.length === 0 ? 0 : 1
}
