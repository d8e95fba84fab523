/** The published library that runs what a conversion will write. */
import type { ModelResult } from '../model/failure'
import { findLibrary, type KnownLibrary } from '../model/known-libraries'
import { readMlcConfig } from '../model/mlc-config'

/** @param chatConfig the content of mlc-chat-config.json; fails with `no-library` where none was published */
export function chooseLibrary(
  chatConfig: object,
  libraries: readonly KnownLibrary[],
): ModelResult<KnownLibrary> {
  const config = readMlcConfig(JSON.stringify(chatConfig))
  return config.ok ? findLibrary(libraries, config.value) : config
}
