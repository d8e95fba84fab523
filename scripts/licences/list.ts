/** The licences of everything that ends in the built site. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LicenceList, LicensedWork } from '../../src/core/licences.ts'
import { EMBEDDED, mitText, TEXT_ELSEWHERE } from './embedded.ts'

/** Permissive licences whose one duty is to ship their text and notices, which the list does. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

const TEXT_FILE = /^(licen[cs]e|copying)(-mit|-apache)?(\.md|\.txt)?$/i
/** Notices that Apache-2.0 asks to be passed on. */
const NOTICE_FILE = /^notice(\.md|\.txt)?$/i

interface Named {
  name: string
  version: string | null
  licence: string
  /** The package that ships it ready-made. */
  within: string | null
  text: string
}

/** Whether a licence expression leaves a choice that is allowed: "(MPL-2.0 OR Apache-2.0)" does, "GPL-3.0" does not. */
export function isAllowed(expression: string): boolean {
  const bare = expression.replace(/[()]/g, ' ')
  return bare
    .split(/\bOR\b/)
    .some((choice) => choice.split(/\bAND\b/).every((licence) => ALLOWED.includes(licence.trim())))
}

/** The package that a module of a bundle belongs to; undefined for our own. */
export function packageOf(moduleId: string): string | undefined {
  const path = moduleId.replaceAll('\\', '/').replace(/[?#].*$/, '')
  const marker = '/node_modules/'
  const at = path.lastIndexOf(marker)
  if (at === -1) return undefined
  const [scope = '', name = ''] = path.slice(at + marker.length).split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

/**
 * The list for these packages, in the order of names, and what is wrong with it: a licence that is not allowed, or
 * one without its text.
 * @param own what is written about the project itself: name, version, licence and the text's file
 */
export function licenceList(
  root: string,
  packages: Iterable<string>,
  own: { name: string; version: string; licence: string },
): { list: LicenceList; problems: string[] } {
  const problems: string[] = []
  const folder = join(root, 'node_modules')
  const found: Named[] = [{ ...own, within: null, text: readFileSync(join(root, 'LICENSE'), 'utf8') }]
  for (const name of packages) {
    const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
      version: string
      license?: string
    }
    const text = textOf(folder, name)
    if (text === undefined) problems.push(`${name} has no licence text`)
    found.push({
      name,
      version: manifest.version,
      licence: manifest.license ?? 'none',
      within: null,
      text: text ?? '',
    })
    for (const { name: inner, licence, text } of EMBEDDED[name] ?? []) {
      const words =
        'file' in text ? readFileSync(join(folder, text.file), 'utf8') : mitText(text.mitCopyright)
      found.push({ name: inner, version: null, licence, within: name, text: words })
    }
  }
  for (const { name, licence } of found) {
    if (!isAllowed(licence))
      problems.push(`${name} has the licence ${licence}, which is not in the allowed list`)
  }
  return { list: withTextsOnce(found), problems }
}

function textOf(folder: string, name: string): string | undefined {
  const elsewhere = TEXT_ELSEWHERE[name]
  if (elsewhere) return readFileSync(join(folder, elsewhere), 'utf8')
  // Sorted: folders list their files in the order of the disk.
  const files = existsSync(join(folder, name)) ? readdirSync(join(folder, name)).sort() : []
  const texts = [TEXT_FILE, NOTICE_FILE].flatMap((pattern) => files.filter((file) => pattern.test(file)))
  if (!texts.some((file) => TEXT_FILE.test(file))) return undefined
  return texts.map((file) => readFileSync(join(folder, name, file), 'utf8').trim()).join('\n\n')
}

/** Equal texts are written once: the Apache licence has 11 KB. */
function withTextsOnce(found: readonly Named[]): LicenceList {
  const [own, ...others] = found
  const key = ({ name, within }: Named) => `${within ?? name} ${within === null ? '' : name}`
  const sorted = [...(own ? [own] : []), ...others.sort((a, b) => (key(a) < key(b) ? -1 : 1))]
  const texts: string[] = []
  const works = sorted.map(({ text, ...named }): LicensedWork => {
    const words = text.replaceAll('\r\n', '\n').trim()
    const known = texts.indexOf(words)
    return { ...named, text: known === -1 ? texts.push(words) - 1 : known }
  })
  return { works, texts }
}
