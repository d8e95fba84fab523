// npm run audit: what the site is made of, and what the built site could reach. The last check asks the registry for
// known faults and passes, saying so, where there is none to ask.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The registry's answer is waited for so long. */
const REGISTRY_TIMEOUT_MS = 10_000

/** Hosts that the built code names, and why: `fetched` only after a person chose them, in a worker below downloads/. */
export const KNOWN_HOSTS = {
  'huggingface.co': 'fetched: models and datasets; shown as links',
  'raw.githubusercontent.com': 'fetched: compiled libraries that models.json names',
  'cdn.jsdelivr.net': "wllama's default for its own files; Somnus gives it those of the site",
  'canary.invalid': 'the self-test tries to reach it and must not; the name is reserved and leads nowhere',
  'hf-mirror.com': 'fetched where chosen: a mirror of huggingface.co',
  'modelscope.cn': 'fetched where chosen: a hub of models',
  'www.modelscope.cn': 'fetched where chosen: a hub of models',
  'media.githubusercontent.com': 'fetched where chosen: github.com leads there for files',
  'objects.githubusercontent.com': 'fetched where chosen: github.com leads there for files',
  'release-assets.githubusercontent.com': 'fetched where chosen: github.com leads there for files',
  'arxiv.org': 'shown as a link',
  'github.com': 'shown as a link, or named in a licence or an error of a package',
  'logs.example.org': 'shown as an example',
  'mirror.example.org': 'shown as an example',
  'model.invalid': 'the base of addresses that are only compared',
  'spdx.org': 'named in a receipt',
  'svelte.dev': 'named in errors of a package',
  'webgpureport.org': 'shown as a link',
  'www.apache.org': 'named in a licence',
  'www.npmjs.com': 'named in errors of a package',
  'www.w3.org': 'names of XML and MathML, which nothing fetches',
}

const EXACT = /^(?:npm:(?:@[^@/]+\/)?[^@/]+@)?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/

/** Dependencies whose version is a range. */
export function unpinned({ dependencies = {}, devDependencies = {} }) {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name} ${version}`)
}

/** Packages of a lockfile without a strong hash, and those for the site that run code when they are installed. */
export function lockProblems({ packages }) {
  return Object.entries(packages).flatMap(([path, { integrity, dev, hasInstallScript }]) => {
    if (path === '') return []
    return [
      ...(/^sha512-/.test(integrity ?? '') ? [] : [`${path} has no SHA-512`]),
      ...(hasInstallScript && !dev ? [`${path} runs a script when it is installed`] : []),
    ]
  })
}

/** Hosts of web addresses in a text. */
export function hostsIn(text) {
  const addresses = text.matchAll(/\b(?:https?|wss?):\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)/gi)
  return [...new Set([...addresses].map(([, host = '']) => host.toLowerCase()))]
}

/** Code and addresses that a page of ours must not hold. */
export function pageProblems(html) {
  const tags = html.replace(/<!--[^]*?-->/g, '').match(/<[a-z][^>]*>/gi) ?? []
  return tags.flatMap((tag) => [
    ...(/^<script\b/i.test(tag) && !/\bsrc=/i.test(tag) ? [`inline script: ${tag}`] : []),
    ...(/^<style\b/i.test(tag) || /\sstyle=/i.test(tag) ? [`inline style: ${tag}`] : []),
    ...(/\son[a-z]+=/i.test(tag) ? [`inline handler: ${tag}`] : []),
    ...(/\b(?:src|href)=["']?(?:[a-z]+:)?\/\//i.test(tag) ? [`foreign address: ${tag}`] : []),
  ])
}

const CODE = new Set(['.css', '.html', '.js', '.mjs', '.svg', '.webmanifest'])

/** Hosts that built files name and nobody has explained; `serve.mjs` is no part of the page. */
function unknownHosts(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.has(extname(entry.name)) && entry.name !== 'serve.mjs')
    .flatMap((entry) => {
      const hosts = hostsIn(readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'))
      return hosts
        .filter((host) => !Object.hasOwn(KNOWN_HOSTS, host))
        .map((host) => `${host} in ${entry.name}`)
    })
}

/** Known faults of the packages for the site; undefined where the registry does not tell. */
function knownFaults() {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
    cwd: root,
    encoding: 'utf8',
    timeout: REGISTRY_TIMEOUT_MS,
    shell: process.platform === 'win32',
  })
  try {
    const { vulnerabilities } = JSON.parse(stdout)
    return (
      vulnerabilities && Object.values(vulnerabilities).map(({ name, severity }) => `${name}: ${severity}`)
    )
  } catch {
    return undefined
  }
}

const readJson = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))

const CHECKS = [
  ['versions are exact', () => unpinned(readJson('package.json'))],
  [
    'packages have hashes, and none for the site runs a script',
    () => lockProblems(readJson('package-lock.json')),
  ],
  ['the page holds no inline code and no foreign address', () => inBuilt(() => pageProblems(builtPage()))],
  ['the built code names no unknown host', () => inBuilt(() => unknownHosts(join(root, 'dist')))],
  ['no package for the site has a known fault', knownFaults],
]

function inBuilt(check) {
  return existsSync(join(root, 'dist', 'index.html')) ? check() : undefined
}

function builtPage() {
  return readFileSync(join(root, 'dist', 'index.html'), 'utf8')
}

function main() {
  let failed = 0
  for (const [name, check] of CHECKS) {
    const problems = check()
    if (problems?.length > 0) failed++
    const verdict = problems === undefined ? 'not checked' : problems.length === 0 ? 'pass' : 'FAIL'
    const reason =
      problems === undefined ? (check === knownFaults ? ' (no registry to ask)' : ' (no dist)') : ''
    console.log(`${verdict}  ${name}${reason}`)
    for (const problem of problems ?? []) console.log(`      ${problem}`)
  }
  return failed === 0 ? 0 : 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = main()
