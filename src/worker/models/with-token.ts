import { authorization, type HubToken } from '#core/transfer/hub-token'
import type { FetchPorts } from './fetch-ports'

/**
 * The ports of requests that carry a token, where they go to its host. To a redirect's target at another origin the
 * header is not sent: browsers and Node drop it there, as the Fetch standard has it.
 */
export function withToken(ports: FetchPorts, token: HubToken | null): FetchPorts {
  if (token === null) return ports
  return {
    ...ports,
    fetch(url, init) {
      const header = authorization(url, token)
      if (header === null) return ports.fetch(url, init)
      const headers = new Headers(init.headers)
      headers.set('Authorization', header)
      return ports.fetch(url, { ...init, headers })
    },
  }
}
