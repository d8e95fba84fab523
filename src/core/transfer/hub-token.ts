/** An access token for a host that does not give its files to everyone. It is a secret of the user's. */

/** Sent to requests at this very origin, and nowhere else. */
export interface HubToken {
  /** Scheme, host and port, such as "https://huggingface.co". */
  origin: string
  token: string
}

/** How a host is reached: through which mirror, and with what permission. */
export interface Access {
  /** Replaces the hosts of known addresses (see core/model/mirror); null: none. */
  mirror: string | null
  token: HubToken | null
}

/** Without a user's name in it: what stands before an @ is no host. */
const ORIGIN = /^https?:\/\/[^/\\?#@\s]+(?=[/?#]|$)/i
/** What a header takes. Anything else would be quoted in the error of whoever sends it. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/

/** The token that was typed or lies in a file, without blanks around it; null where it cannot be one. */
export function parseToken(typed: string): string | null {
  const token = typed.trim()
  return TOKEN.test(token) ? token : null
}

/** Scheme, host and port of an http(s) address in lower case; null for anything else. */
export function originOf(url: string): string | null {
  const [origin] = ORIGIN.exec(url) ?? []
  return (
    origin
      ?.toLowerCase()
      .replace(/^(https:\/\/.*):443$/, '$1')
      .replace(/^(http:\/\/.*):80$/, '$1') ?? null
  )
}

/** The header for a request; null where the token is not meant for that host. */
export function authorization(url: string, token: HubToken | null): string | null {
  return token !== null && originOf(url) === token.origin ? `Bearer ${token.token}` : null
}

/** Whether the token would travel where others can read it: without encryption, to another computer. */
export function isExposed(origin: string): boolean {
  return origin.startsWith('http:') && !/^http:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(origin)
}
