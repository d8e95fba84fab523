import type { Result } from '../result'
import type { FileHash } from './stored'

/** Everything that can go wrong while a model is fetched, imported, verified, exported or deleted. */
export type ModelFailure =
  | { kind: 'aborted' }
  /** The computer has no network. */
  | { kind: 'offline'; url: string }
  /** No answer that a page may read: the host is down, blocked, or does not allow other sites (CORS). */
  | { kind: 'unreachable'; url: string; detail: string }
  /** Somnus is locked: it reaches no host but its own. */
  | { kind: 'locked'; url: string }
  /** The user has not chosen this host, or took it off the list again. */
  | { kind: 'host-not-chosen'; url: string }
  /** A chosen host sent the request on to one that was not chosen; browsers do not tell pages which. */
  | { kind: 'redirect-not-chosen'; url: string }
  /** The site's own Content-Security-Policy forbids the address. */
  | { kind: 'blocked-by-policy'; url: string }
  /** The site is encrypted (https) and the address is not: browsers refuse such requests. */
  | { kind: 'insecure-address'; url: string }
  /** 401 or 403. */
  | { kind: 'access-denied'; url: string; status: number }
  /** 404 or 410. */
  | { kind: 'not-found'; url: string; status: number }
  /** 429 or 5xx that stayed after all retries. */
  | { kind: 'host-busy'; url: string; status: number }
  /** Any other HTTP status. */
  | { kind: 'refused'; url: string; status: number }
  /** The connection broke or stood still, and all retries did too. */
  | { kind: 'interrupted'; url: string; receivedBytes: number; totalBytes: number | null; detail: string }
  /** The host does not give parts of a file, or not those that were asked for. */
  | { kind: 'no-ranges'; url: string; detail: string }
  /** The file at the source is another one than when this was begun. */
  | { kind: 'source-changed'; path: string; detail: string }
  | { kind: 'wrong-size'; path: string; url: string | null; expectedBytes: number; actualBytes: number }
  | { kind: 'checksum-mismatch'; path: string; url: string | null; expected: FileHash; actual: string }
  /** The storage has no room. */
  | { kind: 'storage-full'; neededBytes: number; availableBytes: number | null }
  /** The browser gives no private file system (an insecure origin, a private window). */
  | { kind: 'storage-refused'; detail: string }
  /** Another tab works on this model. */
  | { kind: 'busy-elsewhere' }
  | { kind: 'unknown-model' }
  /** A file that the user chose cannot be read any more. */
  | { kind: 'file-unreadable'; path: string; detail: string }
  /** Neither "owner/repository" nor an http(s) address. */
  | { kind: 'address-invalid'; address: string }
  /** Chosen files that are more than one model; what tells each of them. */
  | { kind: 'several-models'; names: string[] }
  | { kind: 'too-many-files'; folder: string; limit: number }
  /** A disk that a pack is written to: full, write-protected, gone, or writing was not allowed. */
  | { kind: 'not-writable'; name: string; detail: string }
  /** Files that are no model: what a model would have and these have not. */
  | { kind: 'not-a-model'; missing: string[] }
  /** A file whose content is not what its name promises; `where` is a path inside it, such as records[3].nbytes. */
  | { kind: 'file-invalid'; path: string; where: string | null; expected: string }
  /** A pack lacks files that its manifest names. */
  | { kind: 'pack-incomplete'; missing: string[] }
  /** The pack was made by a newer version of the app. */
  | { kind: 'pack-version'; found: number; supported: number }
  | { kind: 'unsupported-architecture'; architecture: string; supported: string[] }
  /** No compiled library is known for this shape. */
  | { kind: 'no-library'; architecture: string; quantization: string; shape: string }
  /** The library was compiled for another generation of WebLLM. */
  | { kind: 'library-generation'; found: string; needed: string }
  /**
   * The weights are not those that the library was compiled for: the first tensor that differs, or the entry of
   * the configuration; `library` and `weights` say what each has ("uint32 151936 × 112"; "-": nothing).
   */
  | { kind: 'library-mismatch'; differs: LibraryDifference; tensor: string; library: string; weights: string }
  | { kind: 'too-large'; bytes: number; limitBytes: number }
  /** Files of a checkpoint that are not there. */
  | { kind: 'checkpoint-incomplete'; missing: string[] }
  /** An entry of a checkpoint's configuration that cannot be converted; `needed` is what could be. */
  | { kind: 'checkpoint-unsupported'; path: string; entry: string; found: string; needed: string }
  /** The weights do not have what the configuration promises, or have what it does not tell of. */
  | { kind: 'tensor-missing'; path: string; tensor: string }
  | { kind: 'tensor-unexpected'; path: string; tensor: string }
  | { kind: 'tensor-shape'; path: string; tensor: string; expected: string; actual: string }
  | { kind: 'tensor-dtype'; path: string; tensor: string; dtype: string; supported: string[] }
  /** `index` counts the numbers of the tensor in rows, from 0. */
  | { kind: 'tensor-not-finite'; path: string; tensor: string; index: number }
  /** A number, or the scale of its group, that is too large for `format`. */
  | { kind: 'tensor-overflow'; path: string; tensor: string; index: number; format: string }
  /** A chat template of no known kind; `nearest` is the kind that differs least, and where. */
  | { kind: 'chat-template-unknown'; path: string; families: string[]; nearest: string }
  /** What was begun here is the conversion of other weights, or into another format. */
  | { kind: 'conversion-differs'; path: string }
  /** The worker that does this stopped. */
  | { kind: 'worker-lost'; detail: string }

export type LibraryDifference =
  'architecture' | 'quantization' | 'vocabulary' | 'layers' | 'missing' | 'extra' | 'shape' | 'number-format'

export type ModelResult<Value> = Result<Value, ModelFailure>
