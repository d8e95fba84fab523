/** Where a model is, from what a person types: a repository of Hugging Face, any folder, or one GGUF file. */

export const HUB = 'https://huggingface.co'

export type ModelAddress =
  /**
   * `hub`: scheme and host, of the hub or of a mirror that was named; `path`: a folder ("" for the whole) or a GGUF
   * file inside the repository.
   */
  | { kind: 'hub'; hub: string; repository: string; revision: string; path: string }
  /** `base` ends with "/". */
  | { kind: 'folder'; base: string }
  | { kind: 'file'; url: string }

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
/** A password before an @ would be stored with the address, and no request may carry it. */
const HTTP = /^https?:\/\/[^\s/?#@]+(?=[/?#]|$)/i
/** Parts of hub addresses that stand between the repository and a revision. */
const VIEWS = ['resolve', 'tree', 'blob', 'raw']
const HUB_HOSTS = ['huggingface.co', 'www.huggingface.co', 'hf.co']
/** Public mirrors that answer as the hub does, under their own name: only they are asked. */
const MIRROR_HOSTS = ['hf-mirror.com']

/** Undefined for what is neither "owner/repository" nor an http(s) address. */
export function parseAddress(typed: string): ModelAddress | undefined {
  const text = typed.trim().replace(/^hf:(?:\/\/)?/i, '')
  if (!HTTP.test(text)) return /^[a-z][a-z0-9+.-]*:/i.test(text) ? undefined : hubAddress(HUB, text)
  const [, host = '', path = ''] = /^https?:\/\/([^/?#]+)([^?#]*)/i.exec(text) ?? []
  const name = host.toLowerCase()
  if (HUB_HOSTS.includes(name)) return hubAddress(HUB, path)
  if (MIRROR_HOSTS.includes(name)) return hubAddress(`https://${name}`, path)
  if (isGguf(path)) return { kind: 'file', url: text.replace(/#.*$/, '') }
  // A file of the folder was named instead of the folder.
  const folder = text.replace(/[?#].*$/, '').replace(/\/[^/]+\.(?:json|bin|wasm|safetensors)$/i, '/')
  return { kind: 'folder', base: folder.replace(/\/*$/, '/') }
}

/** The address of a file at a revision of a repository. */
export function hubFileUrl(hub: string, repository: string, revision: string, path: string): string {
  return `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`
}

/** A path as part of an address. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** The name of the file at an address; as it stands there where it is no text. */
export function fileNameAt(url: string): string {
  return decoded(url.replace(/[?#].*$/, '').replace(/^.*\//, ''))
}

export function isGguf(path: string): boolean {
  return /\.gguf$/i.test(path)
}

/** Whether two addresses lead to the same repository, at whatever revision and however typed. */
export function isSameRepository(one: string | null | undefined, other: string): boolean {
  const [first, second] = [one == null ? undefined : parseAddress(one), parseAddress(other)]
  if (first?.kind !== 'hub' || second?.kind !== 'hub') return false
  return first.hub === second.hub && first.repository.toLowerCase() === second.repository.toLowerCase()
}

function hubAddress(hub: string, path: string): ModelAddress | undefined {
  const [owner = '', name = '', view, revision, ...rest] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  if (!NAME.test(owner) || !NAME.test(name)) return undefined
  const repository = `${owner}/${name}`
  if (view === undefined) return { kind: 'hub', hub, repository, revision: 'main', path: '' }
  if (!VIEWS.includes(view)) return undefined
  const inside = rest.join('/')
  const folder = isGguf(inside)
    ? inside
    : inside.replace(/(?:^|\/)[^/]+\.(?:json|bin|wasm|md|safetensors)$/i, '')
  return { kind: 'hub', hub, repository, revision: revision ?? 'main', path: folder }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
