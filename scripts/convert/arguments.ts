/** The arguments of the converter, and what is wrong with them. */
import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { QUANTIZATIONS } from '#core/convert/quantization'
import { FAMILIES } from '#core/convert/template-families'
import { HUB, parseAddress } from '#core/model/address'
import { mirrored, parseMirror } from '#core/model/mirror'
import { originOf, parseToken, type HubToken } from '#core/transfer/hub-token'
import type { FolderConversion, SourcePlace } from './convert-folder'
import type { RemoteAddress } from './remote-source'

const OPTIONS = `--quantization ${QUANTIZATIONS.join('|')} [--jobs N] [--resume] [--template ${FAMILIES.join('|')}] [--adapter ADAPTER]… [--endpoint URL] [--token-file FILE]`
export const USAGE = `Usage: npm run -s convert -- SOURCE OUT ${OPTIONS}
SOURCE: a folder, owner/name on Hugging Face, or an address. ADAPTER: the same, of a LoRA adapter that is merged into it. HF_ENDPOINT names a mirror, HF_TOKEN holds an access token.`
/** More do not read faster from any disk. */
const MOST_JOBS = 64
/** Unless asked for more: each takes some 40 MB, and the whole is to stay under 600. */
const USUAL_JOBS = 8

type Environment = Readonly<Record<string, string | undefined>>
type Options = ReturnType<typeof parseOptions>['values']

function parseOptions(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      quantization: { type: 'string' },
      jobs: { type: 'string' },
      resume: { type: 'boolean', default: false },
      template: { type: 'string' },
      adapter: { type: 'string', multiple: true, default: [] },
      endpoint: { type: 'string' },
      'token-file': { type: 'string' },
    },
  })
}

/** The conversion, or what is wrong with the arguments. */
export function readArguments(args: string[], environment: Environment): FolderConversion | string {
  let parsed: ReturnType<typeof parseOptions>
  try {
    parsed = parseOptions(args)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const { positionals, values } = parsed
  const [source, out] = positionals
  if (!source || !out || positionals.length > 2)
    return 'SOURCE is a folder or an address, and OUT is a folder.'
  const from = placeOf(source, values, environment)
  if (typeof from === 'string') return from
  const adapters: SourcePlace[] = []
  for (const adapter of values.adapter) {
    const place = placeOf(adapter, values, environment)
    if (typeof place === 'string') return place
    adapters.push(place)
  }
  if ([source, ...values.adapter].some((each) => resolve(each) === resolve(out)))
    return 'OUT must be a folder of its own.'
  const quantization = QUANTIZATIONS.find((each) => each === values.quantization)
  if (!quantization) return `--quantization must be one of ${QUANTIZATIONS.join(', ')}.`
  const family = FAMILIES.find((each) => each === values.template) ?? null
  if (values.template !== undefined && family === null)
    return `--template must be one of ${FAMILIES.join(', ')}.`
  const jobs = Number(values.jobs ?? Math.min(USUAL_JOBS, availableParallelism()))
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    return `--jobs must be a whole number from 1 to ${MOST_JOBS}.`
  return { ...from, adapters, out: resolve(out), quantization, family, jobs, resume: values.resume }
}

/** A folder, or an address. */
function placeOf(source: string, values: Options, environment: Environment): SourcePlace | string {
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory())
    return { source: resolve(source), remote: null }
  const remote = remoteOf(source, values, environment)
  return typeof remote === 'string' ? remote : { source, remote }
}

function remoteOf(source: string, values: Options, environment: Environment): RemoteAddress | string {
  const address = /^[./~]/.test(source) ? undefined : parseAddress(source)
  if (!address || address.kind === 'file') return `There is no folder "${source}", and it is no address.`
  const typed = values.endpoint ?? environment.HF_ENDPOINT ?? ''
  const mirror = typed === '' ? null : parseMirror(typed)
  if (typed !== '' && mirror === null)
    return 'The endpoint must be an address that begins with https:// or http://.'
  const token = tokenOf(values['token-file'], environment)
  if (typeof token === 'string') return token
  const origin = originOf(mirrored(`${HUB}/`, mirror))
  // A token of the hub is nobody else's business.
  const lent: HubToken | null = token && origin !== null ? { origin, token: token.value } : null
  return { address: source, access: { mirror, token: lent } }
}

/** Never from the arguments: everyone on the computer can read those. A text is what is wrong with it. */
function tokenOf(file: string | undefined, environment: Environment): { value: string } | null | string {
  let text = environment.HF_TOKEN ?? ''
  if (file !== undefined) {
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      return `"${file}" cannot be read.`
    }
  }
  if (text.trim() === '') return file === undefined ? null : `"${file}" is empty.`
  const value = parseToken(text)
  return value === null
    ? `${file === undefined ? 'HF_TOKEN' : `"${file}"`} holds no access token.`
    : { value }
}
