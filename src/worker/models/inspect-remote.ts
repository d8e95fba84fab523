/** Files of a model at an address, alike for a repository of Hugging Face and for any folder of a web server. */
import { encodePath, hubFileUrl, type ModelAddress } from '#core/model/address'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { HUB_ANSWER_LIMIT_BYTES, readHubRevision, readHubTree, type HubFile } from '#core/model/hub-tree'
import { mirrored } from '#core/model/mirror'
import { success } from '#core/result'
import type { FetchPorts } from './fetch-ports'
import { fetchText } from './inspect-fetch'

export interface RemoteFolder {
  /** For people: "repository" of the hub, else the folder's name. */
  name: string
  /** The commit, where the host tells one. */
  revision: string | null
  /** What is there, by path below the folder; null where the host lists nothing. */
  files: ReadonlyMap<string, HubFile> | null
  /** Why nothing is there, should nothing be found: the hub's word, which a plain mirror gives of every repository. */
  missing: Extract<ModelFailure, { kind: 'not-found' }> | null
  /** The address of a file as it is stored: not that on a mirror. */
  urlOf(path: string): string
}

/**
 * A hub that does not tell its files (a plain mirror, a network that lets only downloads through) is taken like any
 * other host; what forbids access to the repository itself is a failure.
 */
export async function openFolder(
  address: Exclude<ModelAddress, { kind: 'file' }>,
  mirror: string | null,
  ports: FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<RemoteFolder>> {
  if (address.kind === 'folder') {
    const { base } = address
    const urlOf = (path: string) => base + encodePath(path)
    return success({ name: nameOf(base), revision: null, files: null, missing: null, urlOf })
  }
  const { hub, repository, revision: wanted, path: folder } = address
  const prefix = folder === '' ? '' : `${folder}/`
  const name = nameOf(folder === '' ? repository : folder)
  const ask = (url: string) =>
    fetchText(
      { url: mirrored(url, mirror), path: repository, limitBytes: HUB_ANSWER_LIMIT_BYTES },
      ports,
      signal,
    )
  const unlisted = (revision: string): RemoteFolder => ({
    name,
    revision: /^[0-9a-f]{40}$/.test(revision) ? revision : null,
    files: null,
    missing: null,
    urlOf: (path) => hubFileUrl(hub, repository, revision, prefix + path),
  })
  const api = `${hub}/api/models/${repository}`
  const answer = await ask(`${api}/revision/${encodeURIComponent(wanted)}`)
  if (!answer.ok) {
    if (endsInspection(answer.failure.kind)) return answer
    if (answer.failure.kind !== 'not-found') return success(unlisted(wanted))
    const page = mirrored(`${hub}/${repository}`, mirror)
    return success({ ...unlisted(wanted), missing: { ...answer.failure, url: page } })
  }
  const commit = readHubRevision(answer.value.text)
  if (!commit.ok) return success(unlisted(wanted))
  const listed = await ask(`${api}/tree/${commit.value}?recursive=true`)
  const tree = listed.ok ? readHubTree(listed.value.text) : listed
  if (!tree.ok) return endsInspection(tree.failure.kind) ? tree : success(unlisted(commit.value))
  const inside = tree.value.filter(({ path }) => path.startsWith(prefix))
  return success({
    ...unlisted(commit.value),
    files: new Map(inside.map((file) => [file.path.slice(prefix.length), file])),
  })
}

/** Whether asking for a file itself would end the same way. */
function endsInspection(kind: string): boolean {
  return [
    ...['aborted', 'offline', 'access-denied', 'blocked-by-policy', 'insecure-address'],
    ...['locked', 'host-not-chosen', 'redirect-not-chosen'],
  ].includes(kind)
}

function nameOf(address: string): string {
  const name = address.replace(/\/+$/, '').replace(/\/resolve\/[^/]+$/, '')
  return name.slice(name.lastIndexOf('/') + 1)
}
