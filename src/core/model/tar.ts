/** Tar archives in the POSIX ustar format (IEEE Std 1003.1, pax): writing headers, and reading any archive's list. */
import { failure, success } from '../result'
import type { ModelResult } from './failure'
import type { ReadBytes } from './gguf-cursor'
import { fileInvalid } from './parse-file'
import { isModelPath } from './path'
import { decodeUtf8, encodeUtf8 } from './utf8'

export const TAR_BLOCK_BYTES = 512
/** The size has eleven octal digits. */
export const TAR_FILE_LIMIT_BYTES = 8 ** 11 - 1
/** Far above any pack; keeps a hostile archive from being walked for hours. */
const ENTRIES_LIMIT = 10_000
/** Of a record that holds a long name. */
const EXTENSION_LIMIT_BYTES = 64 * 1024
const NAME_BYTES = 100
const PREFIX_BYTES = 155
const CHECKSUM_AT = 148
const CHECKSUM_BYTES = 8

/** A regular file in an archive. */
export interface TarEntry {
  path: string
  /** Of its content in the archive. */
  offset: number
  bytes: number
}

/** The header block of a file. Its content follows, then zeros up to a whole block. */
export function tarHeader(
  path: string,
  bytes: number,
  modifiedSeconds: number,
): ModelResult<Uint8Array<ArrayBuffer>> {
  if (bytes > TAR_FILE_LIMIT_BYTES)
    return failure({ kind: 'too-large', bytes, limitBytes: TAR_FILE_LIMIT_BYTES })
  const names = splitName(path)
  if (!names) return failure(fileInvalid(path, null, 'a name that fits a tar header'))
  const block = new Uint8Array(TAR_BLOCK_BYTES)
  const put = (at: number, text: string) => block.set(encodeUtf8(text), at)
  block.set(names.name, 0)
  put(100, '0000644\0')
  put(108, '0000000\0')
  put(116, '0000000\0')
  put(124, `${octal(bytes, 11)}\0`)
  put(136, `${octal(modifiedSeconds, 11)}\0`)
  put(CHECKSUM_AT, ' '.repeat(CHECKSUM_BYTES))
  put(156, '0')
  put(257, 'ustar\0')
  put(263, '00')
  block.set(names.prefix, 345)
  put(CHECKSUM_AT, `${octal(checksum(block), 6)}\0 `)
  return success(block)
}

/** Zeros behind a file of so many bytes. */
export function tarPadding(bytes: number): number {
  return (TAR_BLOCK_BYTES - (bytes % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES
}

/** What ends an archive: two empty blocks. */
export const TAR_END_BYTES = 2 * TAR_BLOCK_BYTES

/**
 * The regular files of an archive of `archiveBytes` bytes. Folders, links and what operating systems add to archives
 * are left out. `name` only names the archive in failures.
 */
export async function readTar(
  name: string,
  archiveBytes: number,
  read: ReadBytes,
): Promise<ModelResult<TarEntry[]>> {
  const entries: TarEntry[] = []
  let longPath: string | undefined
  for (let at = 0, count = 0; at + TAR_BLOCK_BYTES <= archiveBytes; count++) {
    const block = await read(at, TAR_BLOCK_BYTES)
    if (block.length < TAR_BLOCK_BYTES) break
    if (block.every((byte) => byte === 0)) return success(entries)
    const where = `entries[${count}]`
    if (count >= ENTRIES_LIMIT) return failure(fileInvalid(name, where, `at most ${ENTRIES_LIMIT} entries`))
    const header = readHeader(block)
    if (!header) return failure(fileInvalid(name, where, 'a tar header'))
    const offset = at + TAR_BLOCK_BYTES
    if (offset + header.bytes > archiveBytes)
      return failure(fileInvalid(name, where, `the ${header.bytes} bytes that its header tells`))
    if (header.type === 'x' || header.type === 'L') {
      if (header.bytes > EXTENSION_LIMIT_BYTES) return failure(fileInvalid(name, where, 'a shorter name'))
      const text = textOf(await read(offset, header.bytes))
      longPath = header.type === 'x' ? (paxPath(text) ?? longPath) : text.replace(/\0.*$/s, '')
    } else {
      if (header.type === '0' || header.type === '\0') {
        const path = (longPath ?? header.path).replace(/^(?:\.\/)+/, '')
        if (!isModelPath(path)) return failure(fileInvalid(name, where, 'a relative path'))
        entries.push({ path, offset, bytes: header.bytes })
      }
      longPath = undefined
    }
    at = offset + header.bytes + tarPadding(header.bytes)
  }
  // An archive that was cut off has lost its end, even where the cut is between two files.
  return failure(fileInvalid(name, null, 'the end of the archive'))
}

function readHeader(block: Uint8Array): { path: string; bytes: number; type: string } | undefined {
  const copy = Uint8Array.from(block)
  copy.fill(0x20, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES)
  const bytes = readOctal(block.subarray(124, 136))
  if (readOctal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES)) !== checksum(copy))
    return undefined
  if (bytes === undefined) return undefined
  const isUstar = textOf(block.subarray(257, 262)) === 'ustar'
  const prefix = isUstar ? terminated(block.subarray(345, 345 + PREFIX_BYTES)) : ''
  const name = terminated(block.subarray(0, NAME_BYTES))
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    bytes,
    type: String.fromCharCode(block[156] ?? 0),
  }
}

/** "<length> path=<value>\n" among the records of a pax header. */
function paxPath(text: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1]
}

function splitName(path: string): { name: Uint8Array; prefix: Uint8Array } | undefined {
  const whole = encodeUtf8(path)
  if (whole.length <= NAME_BYTES) return { name: whole, prefix: new Uint8Array() }
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const prefix = encodeUtf8(path.slice(0, at))
    const name = encodeUtf8(path.slice(at + 1))
    if (prefix.length <= PREFIX_BYTES && name.length <= NAME_BYTES) return { name, prefix }
  }
  return undefined
}

function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte) => sum + byte, 0)
}

function octal(value: number, digits: number): string {
  return Math.floor(value).toString(8).padStart(digits, '0')
}

function readOctal(field: Uint8Array): number | undefined {
  const text = terminated(field).trim()
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined
}

function terminated(field: Uint8Array): string {
  const end = field.indexOf(0)
  return textOf(end < 0 ? field : field.subarray(0, end))
}

/** Names that are no UTF-8 are taken letter by letter; they only have to be told apart. */
function textOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}
