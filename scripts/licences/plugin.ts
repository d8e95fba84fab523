/** Writes the licences of everything that ends in the built site into it; an unknown one stops the build. */
import type { Plugin } from 'vite'
import { LICENCES_FILE } from '../../src/core/licences.ts'
import { licenceList, packageOf } from './list.ts'

interface Options {
  root: string
  version: string
}

/**
 * `collect` notes the packages of a bundle and belongs into every bundle's plugins (page, workers, service worker);
 * `write` writes the list with the page's bundle, which is made last.
 */
export function licencePlugins({ root, version }: Options): { collect: () => Plugin; write: () => Plugin } {
  const packages = new Set<string>()
  const collect = (): Plugin => ({
    name: 'somnus-collect-licences',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const ids = file.type === 'chunk' ? file.moduleIds : file.originalFileNames
        for (const id of ids) {
          const name = packageOf(file.type === 'chunk' ? id : `/${id}`)
          if (name) packages.add(name)
        }
      }
    },
  })
  const write = (): Plugin => ({
    name: 'somnus-write-licences',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler() {
        const own = { name: 'Somnus', version, licence: 'Apache-2.0' }
        const { list, problems } = licenceList(root, packages, own)
        if (problems.length > 0) this.error(problems.join('\n'))
        this.emitFile({
          type: 'asset',
          fileName: LICENCES_FILE,
          source: `${JSON.stringify(list, null, 1)}\n`,
        })
      },
    },
  })
  return { collect, write }
}
