import { originalLibrary } from '#core/model/mirror'
import type { FetchPorts } from './fetch-ports'

/** The ports of a download through a mirror: a library that the mirror says it has not comes from where it is. */
export function throughMirror(ports: FetchPorts, mirror: string | null): FetchPorts {
  return {
    ...ports,
    async fetch(url, init) {
      const response = await ports.fetch(url, init)
      const original = response.status === 404 ? originalLibrary(url, mirror) : null
      if (original === null) return response
      // Without a way to the original either, the mirror's answer is what the user can do something about.
      const direct = await ports.fetch(original, init).catch(() => response)
      if (direct !== response) void response.body?.cancel().catch(() => undefined)
      return direct
    },
  }
}
