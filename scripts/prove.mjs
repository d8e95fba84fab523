// `npm run prove`: the proof with the whole demo, in a browser with a logging proxy around it. Needs a built site.
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', 'tests/e2e/proof.test.ts'],
  { stdio: 'inherit', env: { ...process.env, SOMNUS_PROVE: '1' } },
)
process.exit(status ?? 1)
