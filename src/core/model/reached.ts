/** Which addresses an action on a model will ask: their hosts are what the user chooses by starting it. */
import { hubFileUrl, parseAddress, type ModelAddress } from './address'
import { LIBRARY_HOST, mirrored, originalLibrary } from './mirror'
import type { ConversionRecord, ModelFile, ModelOrigin } from './stored'

/** What the address of a model leads to, and where its library would come from if none is named. */
export function addressesOfSource(
  address: string,
  libraryUrl: string | null,
  mirror: string | null,
  adapters: readonly string[] = [],
): string[] {
  const parsed = parseAddress(address)
  if (!parsed) return []
  if (parsed.kind === 'file') return through([parsed.url], mirror)
  const beside = adapters.flatMap((each) => placeOf(parseAddress(each)) ?? [])
  const places = [placeOf(parsed) ?? [], ...beside].flat()
  return through([...places, libraryUrl ?? `${LIBRARY_HOST}/library.wasm`], mirror)
}

function placeOf(address: ModelAddress | undefined): string | null {
  if (!address || address.kind === 'file') return null
  if (address.kind === 'folder') return address.base
  return hubFileUrl(address.hub, address.repository, address.revision, address.path)
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
  const { address = null, libraryUrl = null, adapters = [] } = model.conversion ?? {}
  const beside = adapters.map((adapter) => adapter.address)
  const source = address === null ? [] : addressesOfSource(address, libraryUrl, mirror, beside)
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
