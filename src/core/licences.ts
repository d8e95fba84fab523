/** The list of licences that the build writes into the site. */
import * as v from 'valibot'

const WorkShape = v.object({
  name: v.string(),
  /** Null for works inside a package's ready-made files, whose release is the package's. */
  version: v.nullable(v.string()),
  /** An SPDX expression. */
  licence: v.string(),
  /** The package that ships it ready-made; null for a package of its own. */
  within: v.nullable(v.string()),
  /** Position in `texts`. */
  text: v.pipe(v.number(), v.integer(), v.minValue(0)),
})

const ListShape = v.object({
  /** Somnus itself first, then by name. */
  works: v.array(WorkShape),
  texts: v.array(v.string()),
})

export type LicensedWork = v.InferOutput<typeof WorkShape>
export type LicenceList = v.InferOutput<typeof ListShape>

/** The file's name below the site's root. */
export const LICENCES_FILE = 'licences.json'

/** Reads the list; null for a text that is none, as a development server's, which builds nothing. */
export function readLicences(text: string): LicenceList | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const read = v.safeParse(ListShape, value)
  return read.success && read.output.works.every((work) => work.text < read.output.texts.length)
    ? read.output
    : null
}
