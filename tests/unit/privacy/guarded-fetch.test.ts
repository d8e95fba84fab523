import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PrivacyState } from '#core/privacy/state'
import { guardedFetch, HostRefused } from '#data/privacy/guarded-fetch'

const OWN = 'https://somnus.example'
let hub: Server
let storage: Server
let asked: string[] = []

beforeAll(async () => {
  storage = createServer((_, response) => {
    asked.push('storage')
    response.end('bytes')
  })
  hub = createServer((_, response) => {
    asked.push('hub')
    response.writeHead(302, { location: originOf(storage) }).end()
  })
  for (const server of [hub, storage])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  hub.close()
  storage.close()
})

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function ask(read: () => Promise<PrivacyState>): Promise<string> {
  asked = []
  const guarded = guardedFetch((url, init) => fetch(url, init), { read }, OWN)
  try {
    return await (await guarded(`${originOf(hub)}/file`)).text()
  } catch (error) {
    if (error instanceof HostRefused) return error.refusal
    throw error
  }
}

describe('a request of a download worker', () => {
  const hosts = (...chosen: Server[]) => chosen.map(originOf)
  it.each([
    [
      'goes to chosen hosts',
      () => ({ locked: false, hosts: hosts(hub, storage) }),
      'bytes',
      ['hub', 'storage'],
    ],
    ['is not made to others', () => ({ locked: false, hosts: hosts(storage) }), 'host-not-chosen', []],
    ['is not made while locked', () => ({ locked: true, hosts: hosts(hub, storage) }), 'locked', []],
    [
      'gives nothing that came from a host that was not chosen',
      () => ({ locked: false, hosts: hosts(hub) }),
      'redirect-not-chosen',
      ['hub', 'storage'],
    ],
  ])('%s', async (_, state, answer, reached) => {
    expect(await ask(() => Promise.resolve(state()))).toBe(answer)
    expect(asked).toEqual(reached)
  })

  it('is not made where the record cannot be read', async () => {
    expect(await ask(() => Promise.reject(new Error('refused')))).toBe('locked')
  })

  it('to the own site needs no choice', async () => {
    const guarded = guardedFetch(
      () => Promise.resolve(new Response('own')),
      { read: () => Promise.resolve({ locked: true, hosts: [] }) },
      OWN,
    )
    expect(await (await guarded(`${OWN}/models/formulary.gguf`)).text()).toBe('own')
  })
})
