import { SUMS_FILE } from '#core/site/build'
import { sha256OfText } from '#data/sha256'

/** The SHA-256 of `SHA256SUMS`, which names the build by all its files; null where it cannot be read. */
export async function buildHash(): Promise<string | null> {
  try {
    const response = await fetch(SUMS_FILE)
    return response.ok ? await sha256OfText(await response.text()) : null
  } catch {
    return null
  }
}
