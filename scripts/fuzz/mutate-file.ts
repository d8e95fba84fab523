/** One file of a seed, mutated as what it is. */
import type { Chance } from './chance'
import { joined, mutateBytes } from './mutate-bytes'
import { mutateJson } from './mutate-json'
import { mutateText } from './mutate-text'

type Bytes = Uint8Array<ArrayBuffer>

const TAR_BLOCK = 512
const CHECKSUM_AT = 148
const CHECKSUM_BYTES = 8
/** Type, size, name and prefix of a tar header. */
const TAR_FIELDS = [
  { at: 0, values: ['/', '../x', 'a/../../x', './././x', '\xff', 'x'.repeat(100), ''] },
  {
    at: 124,
    values: ['77777777777', '00000000000', '0000000001 ', '-0000000001', '\x80\xff\xff\xff\xff\xff\xff\xff'],
  },
  { at: 156, values: ['x', 'L', 'K', 'g', '1', '2', '5', '7', '\0', 'S'] },
  { at: 257, values: ['ustar\0', 'ustar  \0', '\0\0\0\0\0\0'] },
  { at: 345, values: ['/', '..', 'x'.repeat(155)] },
]

/** One of four cases is mutated as plain bytes, whatever it is. */
export function mutateFile(path: string, bytes: Bytes, chance: Chance): Bytes {
  if (chance.onceIn(4)) return mutateBytes(bytes, chance)
  switch (path.slice(path.lastIndexOf('.') + 1)) {
    case 'json':
      return asText(bytes, (text) => mutateJson(text, chance)) ?? mutateBytes(bytes, chance)
    case 'jsonl':
      return asText(bytes, (text) => mutateLine(text, chance)) ?? mutateBytes(bytes, chance)
    case 'csv':
    case 'txt':
      return asText(bytes, (text) => mutateText(text, chance)) ?? mutateBytes(bytes, chance)
    case 'safetensors':
      return mutateSafetensors(bytes, chance)
    case 'wasm':
      return mutateEmbedded(bytes, chance)
    case 'tar':
      return mutateTar(bytes, chance)
    default:
      return mutateBytes(bytes, chance)
  }
}

function asText(bytes: Bytes, mutate: (text: string) => string | null): Bytes | null {
  const mutated = mutate(new TextDecoder().decode(bytes))
  return mutated === null ? null : new TextEncoder().encode(mutated)
}

function mutateLine(text: string, chance: Chance): string | null {
  const lines = text.split('\n')
  const at = chance.below(lines.length)
  const mutated = mutateJson(lines[at] ?? '', chance)
  if (mutated === null) return null
  lines[at] = mutated
  return lines.join('\n')
}

/** The header as JSON, behind its true length, so that the mutation gets past it. */
function mutateSafetensors(bytes: Bytes, chance: Chance): Bytes {
  if (bytes.length < 8) return mutateBytes(bytes, chance)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (8 + length > bytes.length) return mutateBytes(bytes, chance)
  const header = asText(bytes.slice(8, 8 + length), (text) => mutateJson(text, chance))
  if (!header) return mutateBytes(bytes, chance)
  const count = new Uint8Array(8)
  new DataView(count.buffer).setBigUint64(0, BigInt(header.length), true)
  return joined(count, header, bytes.subarray(8 + length))
}

/** The JSON object inside a compiled library. */
function mutateEmbedded(bytes: Bytes, chance: Chance): Bytes {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const [begin, end] = [text.indexOf('{"'), text.lastIndexOf('}') + 1]
  if (begin === -1 || end <= begin) return mutateBytes(bytes, chance)
  const inner = asText(bytes.slice(begin, end), (json) => mutateJson(json, chance))
  return inner ? joined(bytes.subarray(0, begin), inner, bytes.subarray(end)) : mutateBytes(bytes, chance)
}

/** Fields of headers, with the sum that makes a reader believe them; or the content of one file. */
function mutateTar(bytes: Bytes, chance: Chance): Bytes {
  const headers: number[] = []
  for (let at = 0; at + TAR_BLOCK <= bytes.length; at += TAR_BLOCK)
    if (String.fromCharCode(...bytes.subarray(at + 257, at + 262)) === 'ustar') headers.push(at)
  if (headers.length === 0) return mutateBytes(bytes, chance)
  const mutated = bytes.slice()
  for (let rest = 1 + chance.below(3); rest > 0; rest--) {
    const at = chance.pick(headers)
    const header = mutated.subarray(at, at + TAR_BLOCK)
    const field = chance.pick(TAR_FIELDS)
    for (const [index, letter] of [...chance.pick(field.values)].entries())
      header[field.at + index] = letter.charCodeAt(0)
    if (!chance.onceIn(8)) setChecksum(header)
  }
  return mutated
}

function setChecksum(header: Uint8Array): void {
  header.fill(0x20, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), CHECKSUM_AT)
}
