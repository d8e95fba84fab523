import { parseCatalog } from '#core/catalog'
import { parseLibraries } from '#core/model/known-libraries'
import catalogJson from '../../../models.json'
import librariesJson from '../../../libraries.json'
import { NEEDED_GENERATION, type InspectPorts } from './inspect-ports'

const catalog = parseCatalog(catalogJson)
const libraries = parseLibraries(librariesJson)
// Tests and the build check both files, so these are bugs.
if (!catalog.ok) throw new Error(`models.json: ${JSON.stringify(catalog.failure)}`)
if (!libraries.ok) throw new Error(`libraries.json: ${libraries.failure}`)

/** What an inspection knows beforehand. */
export const KNOWN: Omit<InspectPorts, 'onProgress'> = {
  catalog: catalog.value,
  libraries: libraries.value.libraries,
  generation: NEEDED_GENERATION,
}
