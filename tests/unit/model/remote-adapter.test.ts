/** Original weights at one address and a LoRA adapter at another. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelPlan } from '#core/model/stored'
import { inspectAddress, lookAtAddress } from '#worker/models/inspect-address'
import { inspectCheckpoint } from '#worker/models/inspect-checkpoint'
import { openRemoteConversion } from '#worker/models/inspect-remote-checkpoint'
import { Hub, type HubBehaviour } from '../../hub/server'
import { adapter } from '../convert/adapter-fixture'
import { withChatFiles } from '../convert/chat-files'
import { checkpoint, TINY } from '../convert/checkpoint-fixture'
import { random, type Files } from '../convert/safetensors-fixture'
import { never, testPorts } from '../transfer/fixtures'
import { inspectPorts } from './known-fixture'

const BASE = 'ward/Ward-0.5B'
const ADAPTER = 'ward/Ward-PRM'
const base = withChatFiles(checkpoint('llama'))
const head = { weight: random(2 * TINY.hidden_size, 77, 0.25) }
const trainedOn = (name: string, seed = 1) =>
  adapter('llama', { head, seed, config: { base_model_name_or_path: name } })

let hub: Hub
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())
beforeEach(() => void hub.requests.splice(0))

const ports = () => ({ ...testPorts(), ...inspectPorts([]) })
const access = () => ({ mirror: hub.origin, token: null })
const serve = (name: string, files: Files, common: HubBehaviour = {}) =>
  hub.serveRepository(name, Object.fromEntries(files), {}, common)
const look = (address: string, ...adapters: string[]) =>
  lookAtAddress({ address, libraryUrl: null, access: access(), family: null, adapters }, ports(), never)

async function review(address: string, ...adapters: string[]) {
  const found = await look(address, ...adapters)
  if (!found.ok || found.value.kind !== 'checkpoint') throw new Error(JSON.stringify(found))
  return found.value.review
}
const again = (plan: ModelPlan) => openRemoteConversion(plan, access(), ports(), () => undefined, never)

describe('an adapter at an address', () => {
  it('makes of the weights what the two make as folders', async () => {
    const commit = serve(BASE, base, { redirect: true })
    const commitOfAdapter = serve(ADAPTER, trainedOn(BASE), { redirect: true })
    const found = await review(BASE, ADAPTER)
    expect(found).toMatchObject({ name: 'Ward-0.5B + Ward-PRM', adapters: ['Ward-PRM'] })
    const named = (folder: string, files: Files) =>
      [...files].map(([path, content]) => ({ path: `${folder}/${path}`, file: new File([content], path) }))
    const files = [...named('Ward-0.5B', base), ...named('Ward-PRM', trainedOn(BASE))]
    const local = await inspectCheckpoint(files, null, null, inspectPorts([]), never)
    const ids = (offers: readonly { plan: ModelPlan }[]) => offers.map(({ plan }) => plan.id)
    expect(ids(found.offers)).toEqual(local.ok && ids(local.value.offers))
    const [plan] = found.offers.map((offer) => offer.plan)
    expect(plan).toMatchObject({
      isRewardModel: true,
      origin: { kind: 'remote', address: BASE, revision: commit },
      conversion: { address: BASE, adapters: [{ address: ADAPTER, revision: commitOfAdapter }] },
    })
    const weights = hub.requests.filter(({ path }) => path.endsWith('.safetensors'))
    expect(weights.every(({ range }) => /^bytes=\d+-\d+$/.test(range ?? ''))).toBe(true)
  })

  it('is taken again at the commit that it was looked at, and refused where it is another', async () => {
    serve(BASE, base)
    const first = serve(ADAPTER, trainedOn(BASE))
    const { offers } = await review(BASE, ADAPTER)
    const { plan } = offers[0]!
    const moved = serve(ADAPTER, trainedOn(BASE, 2))
    expect(moved).not.toBe(first)
    hub.requests.splice(0)
    const opened = await again(plan)
    expect(opened).toMatchObject({ ok: true, value: { plan: { id: plan.id } } })
    expect(hub.requests.some(({ path }) => path.includes(first))).toBe(true)
    expect(hub.requests.some(({ path }) => path.includes(moved))).toBe(false)
    const adapters = [{ address: ADAPTER, revision: moved }]
    const other = await again({ ...plan, conversion: { ...plan.conversion!, adapters } })
    expect(other).toMatchObject({ ok: false })
    if (opened.ok) opened.value.remote.close()
  })

  it('that does not fit, is none, or is not there, is refused with its name', async () => {
    serve(BASE, base)
    serve('ward/Wide', adapter('llama', { checkpoint: { hidden_size: 2 * TINY.hidden_size } }))
    hub.serveRepository('ward/Other', { 'README.md': 'none' })
    expect(await look(BASE, 'ward/Wide')).toMatchObject({ ok: false })
    const none = await look(BASE, 'ward/Other')
    expect(JSON.stringify(none)).toContain('adapter_config.json')
    expect(await look(BASE, 'ward/Nothing')).toMatchObject({ ok: false })
    expect(await look(BASE, 'ftp://x/y')).toEqual({
      ok: false,
      failure: { kind: 'address-invalid', address: 'ftp://x/y' },
    })
  })
})

describe('an adapter looked at by itself', () => {
  it.each([
    ['the repository that it names', BASE, BASE],
    ['none, where it names a folder of whoever trained it', '/home/me/llama', null],
  ])('tells of %s', async (_, trained, named) => {
    serve(ADAPTER, trainedOn(trained))
    expect(await look(ADAPTER)).toEqual({ ok: true, value: { kind: 'adapter', base: named } })
    for (const [path, content] of trainedOn(trained)) hub.serve(`/lan/adapter/${path}`, content)
    expect(await look(hub.url('/lan/adapter'))).toEqual({ ok: true, value: { kind: 'adapter', base: named } })
    expect(hub.requests.some(({ path }) => path.endsWith('.safetensors') && path.includes('resolve'))).toBe(
      false,
    )
  })

  it('is no model that could be downloaded', async () => {
    serve(ADAPTER, trainedOn(BASE))
    const source = { address: ADAPTER, libraryUrl: null, access: access(), family: null }
    expect(await inspectAddress(source, ports(), never)).toMatchObject({ failure: { kind: 'not-a-model' } })
  })
})
