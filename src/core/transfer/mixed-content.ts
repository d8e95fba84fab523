/** Hosts that browsers trust without encryption, because they are this computer. */
const THIS_COMPUTER = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i

/**
 * True where browsers refuse a request as mixed content: an address without encryption, asked for by a page
 * (`protocol` such as "https:") with it. Some let it pass on a local network, so look only when it has failed.
 */
export function isMixedContent(protocol: string, url: string): boolean {
  const [, host] = /^http:\/\/(\[[^\]]*\]|[^/:?#]+)/i.exec(url) ?? []
  return protocol === 'https:' && host !== undefined && !THIS_COMPUTER.test(host)
}
