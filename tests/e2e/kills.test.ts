/** A share of `npm run kills`: what the app called stored is there once, after a kill at a random moment. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomBelow } from '#core/run/random'
import { killOften } from '../../scripts/kills/kill'
import { SCENARIOS } from '../../scripts/kills/main'
import { openSite, type Site } from './site'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const SEED = 3

/** `sampled-run.test.ts` kills such a run at a chosen moment, and holds it to more. */
const SHARE = SCENARIOS.filter(({ name }) => name !== 'sampled-run')

test.each(SHARE)('a kill during a $name loses and doubles nothing', async (scenario) => {
  const random = randomBelow(SEED, SCENARIOS.indexOf(scenario))
  expect(await killOften(scenario, { url: site.url, count: 1, random })).toEqual([])
})
