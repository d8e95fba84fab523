/** What the ledger shows of an address. */

/** Longer ones are cut: a path can be made to carry anything. */
export const MOST_CHARACTERS = 500

const NETWORK = /^(https?|wss?):\/\/(?:[^/?#@\s]*@)?([^/?#@\s]+)([^?#\s]*)/i
const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/** Scheme, host and path. What may hold a secret stays away: user names, query and fragment, the content of data: URLs. */
export function shownAddress(url: string): string {
  const [, scheme, host, path] = NETWORK.exec(url) ?? []
  if (scheme !== undefined && host !== undefined) {
    return `${scheme.toLowerCase()}://${host.toLowerCase()}${path || '/'}`.slice(0, MOST_CHARACTERS)
  }
  return SCHEME.exec(url)?.[0].toLowerCase() ?? url.slice(0, MOST_CHARACTERS)
}

/** Host and port of an address with one; else its scheme ("blob:"), or the word that a browser's report has for it. */
export function hostOf(url: string): string {
  const [, , host] = NETWORK.exec(url) ?? []
  return host?.toLowerCase() ?? SCHEME.exec(url)?.[0].toLowerCase() ?? url
}

/** Whether an address can be reached over a network at all. */
export function isNetworkAddress(url: string): boolean {
  return NETWORK.test(url)
}
