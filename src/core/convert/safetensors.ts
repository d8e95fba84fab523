/** The header of a .safetensors file: which tensor lies where (format: huggingface/safetensors, README). */
import * as v from 'valibot'
import type { ModelFailure, ModelResult } from '../model/failure'
import { fileInvalid, parseFile } from '../model/parse-file'
import { failure, success } from '../result'
import { repeatedKey } from './repeated-key'
import type { CheckpointSource } from './source'

/** The length of the header comes first, as a 64-bit number. */
const LENGTH_BYTES = 8
/** About 130 bytes a tensor: the largest files known have some thousands. The format's own bound of 100 MB invites abuse. */
export const HEADER_LIMIT_BYTES = 16 * 2 ** 20
const DIMENSIONS_LIMIT = 8

const BYTES_PER_ELEMENT: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1 },
  ...{ BOOL: 1, F8_E4M3: 1, F8_E5M2: 1 },
}

const Size = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40, 'at most 2^40'))
const Offset = v.pipe(v.number(), v.safeInteger('a whole number below 2^53'), v.minValue(0))

const HeaderSchema = v.record(
  v.string(),
  v.object({
    dtype: v.string(),
    shape: v.pipe(v.array(Size), v.maxLength(DIMENSIONS_LIMIT)),
    data_offsets: v.tuple([Offset, Offset]),
  }),
)

export interface SourceTensor {
  name: string
  /** The file that holds it. */
  path: string
  /** As the file names it, such as BF16. */
  dtype: string
  shape: readonly number[]
  /** Where its bytes begin and end in the file. */
  begin: number
  end: number
}

/**
 * Reads and checks a header: tensors of the size that shape and number format give, one after the other, from the
 * end of the header to the end of the file.
 */
export async function readSafetensors(
  source: CheckpointSource,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<ModelResult<SourceTensor[]>> {
  if (bytes < LENGTH_BYTES) return failure(shorter(path, LENGTH_BYTES, bytes))
  const first = await source.read(path, 0, LENGTH_BYTES, signal)
  if (!first.ok) return first
  const length = lengthOf(first.value)
  if (length > HEADER_LIMIT_BYTES)
    return failure(fileInvalid(path, 'header', `at most ${HEADER_LIMIT_BYTES} bytes`))
  const dataBegin = LENGTH_BYTES + length
  if (dataBegin > bytes) return failure(shorter(path, dataBegin, bytes))
  const header = await source.readText(path, LENGTH_BYTES, dataBegin, signal)
  if (!header.ok) return header
  return parseHeader(path, header.value, dataBegin, bytes)
}

function parseHeader(
  path: string,
  text: string,
  dataBegin: number,
  bytes: number,
): ModelResult<SourceTensor[]> {
  const repeated = repeatedKey(text)
  if (repeated !== null) return failure(fileInvalid(path, repeated, 'a name used once'))
  const parsed = parseFile(path, text, v.record(v.string(), v.unknown()))
  if (!parsed.ok) return parsed
  const entries = { ...parsed.value }
  delete entries.__metadata__
  const checked = v.safeParse(HeaderSchema, entries)
  if (!checked.success) {
    const [{ path: place, message }] = checked.issues
    return failure(fileInvalid(path, place?.map(({ key }) => String(key)).join('.') ?? null, message))
  }
  const tensors: SourceTensor[] = []
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(checked.output)) {
    const elementBytes = BYTES_PER_ELEMENT[dtype]
    if (elementBytes === undefined) {
      const supported = Object.keys(BYTES_PER_ELEMENT)
      return failure({ kind: 'tensor-dtype', path, tensor: name, dtype, supported })
    }
    const expected = shape.reduce((product, size) => product * size, elementBytes)
    if (offsets[1] - offsets[0] !== expected)
      return failure(fileInvalid(path, `${name}.data_offsets`, `${expected} bytes`))
    tensors.push({ name, path, dtype, shape, begin: dataBegin + offsets[0], end: dataBegin + offsets[1] })
  }
  const problem = layoutProblem(path, tensors, dataBegin, bytes)
  return problem ? failure(problem) : success(tensors)
}

/** The format leaves no gaps and nothing behind the last tensor. */
function layoutProblem(
  path: string,
  tensors: readonly SourceTensor[],
  dataBegin: number,
  bytes: number,
): ModelFailure | undefined {
  const order = [...tensors].sort((one, other) => one.begin - other.begin || one.end - other.end)
  let at = dataBegin
  for (const { name, begin, end } of order) {
    if (begin < at) return fileInvalid(path, `${name}.data_offsets`, 'bytes of no other tensor')
    if (begin > at) return fileInvalid(path, `${name}.data_offsets`, 'no gap before it')
    at = end
  }
  return at === bytes ? undefined : shorter(path, at, bytes)
}

/** Numbers from 2^53 on are only known to be too large, which is enough. */
function lengthOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
}

function shorter(path: string, expectedBytes: number, actualBytes: number): ModelFailure {
  return { kind: 'wrong-size', path, url: null, expectedBytes, actualBytes }
}
