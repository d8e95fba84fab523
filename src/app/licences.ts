import { LICENCES_FILE, readLicences, type LicenceList } from '#core/licences'

/** The list that the build wrote beside the page; null where there is none, as on a development server. */
export async function fetchLicences(): Promise<LicenceList | null> {
  try {
    const response = await fetch(LICENCES_FILE)
    return response.ok ? readLicences(await response.text()) : null
  } catch {
    return null
  }
}
