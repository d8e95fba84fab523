// npm run test:hostile: all ten thousand hostile replies in a real browser; npm test shows a share of them.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [VITEST, 'run', '--project', 'browser', 'tests/browser/hostile-replies.test.ts'],
  { stdio: 'inherit', env: { ...process.env, VITE_HOSTILE_REPLIES: 'all' } },
)
process.exit(status ?? 1)
