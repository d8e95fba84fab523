/**
 * Which generation of WebLLM a compiled library belongs to, told from its WebAssembly imports and exports. A library
 * links against the JavaScript runtime inside the package: it needs what it imports, and the runtime calls what
 * it exports. Read from the runtimes of @mlc-ai/web-llm 0.2.79, 0.2.80, 0.2.83 and 0.2.86; a test compares the
 * two of them that are installed.
 */
import { failure, success } from '../result'
import type { ModelResult } from './failure'

/** Names as WebAssembly.Module.imports and .exports give them. */
export interface LibraryInterface {
  imports: readonly string[]
  exports: readonly string[]
}

/** Named like the folders in which the libraries are published. */
export type LibraryGeneration = 'v0_2_48' | 'v0_2_80' | 'v0_2_86'

interface Runtime {
  /** What the package gives to a library; any other import fails to link. */
  provides: readonly string[]
  /** What the package calls in a library. */
  calls: readonly string[]
}

const WASI = [
  'clock_time_get',
  'environ_get',
  'environ_sizes_get',
  'fd_close',
  'fd_read',
  'fd_seek',
  'fd_write',
  'proc_exit',
]
const ENVIRONMENT = ['__cxa_thread_atexit', '__console_log', 'emscripten_notify_memory_growth']
/** Gone in 0.2.86, which is how libraries for 0.2.80 to 0.2.83 are told from newer ones. */
const THREADING = ['_ZN3tvm7runtime9threading10NumThreadsEv', '_ZN3tvm7runtime9threading15ResetThreadPoolEv']
const FFI_CALLBACKS = ['TVMFFIWasmFunctionDeleter', 'TVMFFIWasmSafeCall']
const ALLOCATION = ['TVMWasmAllocSpace', 'TVMWasmFreeSpace']
const FFI_CALLS = [
  'TVMFFIAnyViewToOwnedAny',
  'TVMFFIDataTypeToString',
  'TVMFFIErrorSetRaisedFromCStr',
  'TVMFFIFunctionCall',
  'TVMFFIFunctionGetGlobal',
  'TVMFFIFunctionSetGlobal',
  'TVMFFIGetTypeInfo',
  'TVMFFIObjectDecRef',
  'TVMFFITypeKeyToIndex',
  'TVMFFIWasmFunctionCreate',
  'TVMFFIWasmGetLastError',
]

/** Newest first. */
export const RUNTIMES: Readonly<Record<LibraryGeneration, Runtime>> = {
  v0_2_86: {
    provides: [...WASI, ...ENVIRONMENT, ...FFI_CALLBACKS],
    calls: [...ALLOCATION, ...FFI_CALLS, 'TVMFFIObjectIncRef'],
  },
  v0_2_80: {
    provides: [...WASI, ...ENVIRONMENT, ...FFI_CALLBACKS, ...THREADING],
    calls: [...ALLOCATION, ...FFI_CALLS],
  },
  v0_2_48: {
    provides: [...WASI, ...ENVIRONMENT, ...THREADING, 'TVMWasmPackedCFunc', 'TVMWasmPackedCFuncFinalizer'],
    calls: [
      ...ALLOCATION,
      'TVMAPISetLastError',
      'TVMArrayAlloc',
      'TVMArrayCopyFromBytes',
      'TVMArrayCopyFromTo',
      'TVMArrayCopyToBytes',
      'TVMArrayFree',
      'TVMCFuncSetReturn',
      'TVMCbArgToReturn',
      'TVMFuncCall',
      'TVMFuncFree',
      'TVMFuncGetGlobal',
      'TVMFuncListGlobalNames',
      'TVMFuncRegisterGlobal',
      'TVMGetLastError',
      'TVMModFree',
      'TVMModGetFunction',
      'TVMModImport',
      'TVMObjectFree',
      'TVMObjectGetTypeIndex',
      'TVMObjectTypeIndex2Key',
      'TVMObjectTypeKey2Index',
      'TVMWasmFuncCreateFromCFunc',
    ],
  },
}

/** The generation that a version of the package needs, e.g. "0.2.86" -> v0_2_86. */
export function generationOf(webLlmVersion: string): LibraryGeneration {
  const [major = 0, minor = 0, patch = 0] = webLlmVersion.split('.').map((part) => Number.parseInt(part, 10))
  const order = major * 1e6 + minor * 1e3 + patch
  if (order < 2080) return 'v0_2_48'
  return order < 2084 ? 'v0_2_80' : 'v0_2_86'
}

/** The newest generation that the library links against; undefined: none, or it is no WebLLM library at all. */
export function libraryGeneration(names: LibraryInterface): LibraryGeneration | undefined {
  const generations = Object.keys(RUNTIMES) as LibraryGeneration[]
  return generations.find((generation) => links(names, RUNTIMES[generation]))
}

/** Whether the library links against the runtime that is needed. */
export function checkGeneration(
  path: string,
  names: LibraryInterface,
  needed: LibraryGeneration,
): ModelResult<void> {
  if (links(names, RUNTIMES[needed])) return success(undefined)
  const found = libraryGeneration(names)
  if (found) return failure({ kind: 'library-generation', found, needed })
  // A library for a runtime that is not known here still shows what it was made by.
  return names.exports.some((name) => /^TVM(FFI)?(Func|Function)Call$/.test(name))
    ? failure({ kind: 'library-generation', found: 'unknown', needed })
    : failure({ kind: 'file-invalid', path, where: 'exports', expected: 'a library compiled for WebLLM' })
}

function links(names: LibraryInterface, runtime: Runtime): boolean {
  return (
    names.imports.every((name) => runtime.provides.includes(name)) &&
    runtime.calls.every((name) => names.exports.includes(name))
  )
}
