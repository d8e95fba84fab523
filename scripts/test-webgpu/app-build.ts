/** The app, built with the release of WebLLM whose runtime a library was compiled for. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'vite'
import { generationOf, type LibraryGeneration } from '#core/model/library-interface'

/** The release that the product ships, then the older ones that development installs beside it. */
const PACKAGES = ['@mlc-ai/web-llm', 'web-llm-0.2.79'] as const

export interface WebLlmRelease {
  package: (typeof PACKAGES)[number]
  version: string
  /** What the app ships, not only what development has. */
  isShipped: boolean
}

/** The installed release that runs libraries of this generation. */
export function releaseFor(generation: LibraryGeneration): WebLlmRelease {
  const require = createRequire(import.meta.url)
  const releases = PACKAGES.map((name) => ({
    package: name,
    version: (require(`${name}/package.json`) as { version: string }).version,
    isShipped: name === PACKAGES[0],
  }))
  const release = releases.find(({ version }) => generationOf(version) === generation)
  if (release) return release
  const known = releases.map(({ version }) => `${generationOf(version)} (WebLLM ${version})`)
  throw new Error(`The library is of generation ${generation}; installed are ${known.join(', ')}.`)
}

/** Builds the app into `cache` with the release in place of the shipped one; gives the folder. */
export async function buildApp(release: WebLlmRelease, cache: string): Promise<string> {
  const outDir = join(cache, `app-${release.version}`)
  await build({
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
    resolve: {
      alias: release.isShipped ? [] : [{ find: /^@mlc-ai\/web-llm(?=$|\/)/, replacement: release.package }],
    },
  })
  return outDir
}
