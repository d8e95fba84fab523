import { version } from '@mlc-ai/web-llm/package.json'
import type { Catalog } from '#core/catalog'
import type { KnownLibrary } from '#core/model/known-libraries'
import { generationOf, type LibraryGeneration } from '#core/model/library-interface'
import type { ModelProgress } from '../model-api'

/** What an inspection knows beforehand and whom it tells how far it is. */
export interface InspectPorts {
  catalog: Catalog
  libraries: readonly KnownLibrary[]
  /** The generation of libraries that the installed WebLLM needs. */
  generation: LibraryGeneration
  onProgress(progress: ModelProgress): void
}

export const NEEDED_GENERATION: LibraryGeneration = generationOf(version)
