import { describe, expect, it } from 'vitest'
import type { FetchPorts } from '../../../src/worker/models/fetch-ports'
import { throughMirror } from '../../../src/worker/models/mirror-fetch'

const MIRROR = 'https://mirror'
const ORIGINAL = 'https://raw.githubusercontent.com/mlc-ai/libs/main/a.wasm'
const MIRRORED = 'https://mirror/mlc-ai/libs/main/a.wasm'

/** Hosts that answer with these statuses; any other address has no way to it. */
function hosts(statuses: Record<string, number>) {
  const asked: string[] = []
  const ports = {
    fetch(url: string) {
      asked.push(url)
      const status = statuses[url]
      return status === undefined
        ? Promise.reject(new TypeError('Failed to fetch'))
        : Promise.resolve(new Response(null, { status }))
    },
  } as unknown as FetchPorts
  return { asked, fetch: (url: string) => throughMirror(ports, MIRROR).fetch(url, {}) }
}

describe('throughMirror', () => {
  it('takes a library from its own host where the mirror has none', async () => {
    const { asked, fetch } = hosts({ [MIRRORED]: 404, [ORIGINAL]: 206 })
    expect((await fetch(MIRRORED)).status).toBe(206)
    expect(asked).toEqual([MIRRORED, ORIGINAL])
  })

  it('gives the mirror’s answer where there is no way to that host', async () => {
    expect((await hosts({ [MIRRORED]: 404 }).fetch(MIRRORED)).status).toBe(404)
  })

  it.each([200, 403, 503])('asks nobody else when the mirror answers %i', async (status) => {
    const { asked, fetch } = hosts({ [MIRRORED]: status, [ORIGINAL]: 200 })
    expect((await fetch(MIRRORED)).status).toBe(status)
    expect(asked).toEqual([MIRRORED])
  })
})
