import { expect, it } from 'vitest'
import { HubTokens } from '#app/hub-tokens.svelte'

/** What the tabs of one browser share. */
function sharedPreferences() {
  const kept = new Map<string, unknown>()
  return {
    kept,
    get: (key: string) => Promise.resolve(kept.get(key)),
    set: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    remove: (key: string) => Promise.resolve(void kept.delete(key)),
  }
}

const HUB = { origin: 'https://huggingface.co', token: 'hf_abc' }
const WARD = { origin: 'https://ward.example', token: 'ward_abc' }

it('a token that another tab forgot does not come back with the next one', async () => {
  const preferences = sharedPreferences()
  const [here, there] = [new HubTokens(preferences), new HubTokens(preferences)]
  await here.remember(HUB)
  await there.restore()
  await here.forget(HUB.origin)
  await there.remember(WARD)
  expect(JSON.stringify([...preferences.kept])).not.toContain(HUB.token)
  expect(there.origins).toEqual([WARD.origin])
})

it('a token that another tab remembered is kept when one is forgotten here', async () => {
  const preferences = sharedPreferences()
  const [here, there] = [new HubTokens(preferences), new HubTokens(preferences)]
  await here.remember(HUB)
  await there.remember(WARD)
  await here.forget(HUB.origin)
  expect(preferences.kept.get('hubTokens')).toEqual({ [WARD.origin]: WARD.token })
})
