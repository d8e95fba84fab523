/** Which hosts count as chosen: those that the user named, and where those are known to keep their files. */
import type { PrivacyState } from './state'

/** A host that answers a request for a large file with the address of another one. */
export interface HostFamily {
  origin: string
  /** Sources as in a content security policy; `*.` stands for any subdomain. */
  storage: readonly string[]
  /** Why choosing the host includes them. */
  reason: string
}

const HUGGING_FACE_STORAGE: readonly string[] = ['https://*.hf.co', 'https://*.huggingface.co']

/**
 * Browsers do not tell a page where a redirect leads, so what is missing here fails, and the user has to add it by
 * hand. Each entry is a domain that only the host itself hands out.
 */
export const HOST_FAMILIES: readonly HostFamily[] = [
  {
    origin: 'https://huggingface.co',
    storage: HUGGING_FACE_STORAGE,
    reason: 'large files come from its storage hosts (cdn-lfs*, cas-bridge.xethub, …)',
  },
  {
    origin: 'https://hf-mirror.com',
    storage: HUGGING_FACE_STORAGE,
    reason: 'a mirror of the pages only: large files come from the storage hosts of Hugging Face',
  },
  {
    origin: 'https://modelscope.cn',
    storage: ['https://www.modelscope.cn', 'https://*.modelscope.cn'],
    reason: 'large files come from its storage hosts (cdn-lfs-cn-*)',
  },
  {
    origin: 'https://www.modelscope.cn',
    storage: ['https://modelscope.cn', 'https://*.modelscope.cn'],
    reason: 'large files come from its storage hosts (cdn-lfs-cn-*)',
  },
  {
    origin: 'https://github.com',
    storage: [
      'https://raw.githubusercontent.com',
      'https://media.githubusercontent.com',
      'https://objects.githubusercontent.com',
      'https://release-assets.githubusercontent.com',
    ],
    reason: 'files of a repository and of releases lie on githubusercontent.com',
  },
]

/** What may stand in a header: no list separator, no wildcard, no address in brackets (which policies cannot name). */
const CHOOSABLE = /^(https?:\/\/)([a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/

/**
 * The origin in the form that policies compare ("https://huggingface.co"), or null where a policy could not name it.
 * `origin` is one that a URL parser has normalised: lower case, international names encoded, no default port.
 */
export function choosable(origin: string): string | null {
  return CHOOSABLE.test(origin) ? origin : null
}

/** The chosen hosts with their storage hosts, each once, as sources of a content security policy. */
export function sourcesOf(hosts: readonly string[]): string[] {
  const all = hosts.flatMap((host) => [host, ...storageOf(host)])
  return [...new Set(all)]
}

/** Where a host is known to keep its files besides itself. */
export function storageOf(host: string): readonly string[] {
  return HOST_FAMILIES.find(({ origin }) => origin === host)?.storage ?? []
}

/** Whether the download workers may reach an origin now. */
export function isOpenTo(state: PrivacyState, origin: string): boolean {
  return !state.locked && isAmong(sourcesOf(state.hosts), origin)
}

/** Whether an origin is one of the sources. */
export function isAmong(sources: readonly string[], origin: string): boolean {
  return sources.some((source) => {
    const [scheme, domain] = source.split('*.')
    if (scheme === undefined || domain === undefined) return source === origin
    return origin.startsWith(scheme) && origin.endsWith(`.${domain}`)
  })
}
