/** Which addresses an action on a model will ask: their hosts are what the user chooses by starting it. */
import { hubFileUrl, parseAddress } from './address'
import { LIBRARY_HOST, mirrored, originalLibrary } from './mirror'
import type { ConversionRecord, ModelFile, ModelOrigin } from './stored'

/** What the address of a model leads to, and where its library would come from if none is named. */
export function addressesOfSource(
  address: string,
  libraryUrl: string | null,
  mirror: string | null,
): string[] {
  const parsed = parseAddress(address)
  if (!parsed) return []
  if (parsed.kind === 'file') return through([parsed.url], mirror)
  const place =
    parsed.kind === 'folder'
      ? parsed.base
      : hubFileUrl(parsed.hub, parsed.repository, parsed.revision, parsed.path)
  return through([place, libraryUrl ?? `${LIBRARY_HOST}/library.wasm`], mirror)
}

/** What fetching the files that are not verified yet will ask; all of a plan. */
export function addressesOfFiles(
  model: {
    origin: ModelOrigin
    conversion?: ConversionRecord
    files: readonly (ModelFile & { state?: 'absent' | 'verified' | 'damaged' })[]
  },
  mirror: string | null,
): string[] {
  const missing = model.files.filter(({ state }) => state !== 'verified')
  const urls = missing.flatMap(({ url }) => (url === null ? [] : [url]))
  const { address = null, libraryUrl = null } = model.conversion ?? {}
  const source = address === null ? [] : addressesOfSource(address, libraryUrl, mirror)
  return [...new Set([...source, ...through(urls, mirror)])]
}

/**
 * What storing chosen files will ask: a published library, if none is among them. Their other files are there,
 * even where a pack says which address they once came from.
 */
export function addressesOfLibrary(
  files: readonly ModelFile[],
  chosenPaths: readonly string[],
  mirror: string | null,
): string[] {
  if (chosenPaths.some((path) => /\.wasm$/i.test(path))) return []
  const library = files.find(({ role, url }) => role === 'library' && url !== null)
  return library?.url == null ? [] : through([library.url], mirror)
}

function through(urls: readonly string[], mirror: string | null): string[] {
  const asked = urls.map((url) => mirrored(url, mirror))
  const originals = asked.flatMap((url) => originalLibrary(url, mirror) ?? [])
  return [...new Set([...asked, ...originals])]
}
