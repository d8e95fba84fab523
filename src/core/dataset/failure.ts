/** Why an import, or one of its files, gave nothing at all. */

export type FileFailure =
  | { kind: 'empty-file'; file: string }
  | { kind: 'too-large'; file: string; bytes: number; limitBytes: number }
  | { kind: 'too-many-rows'; file: string; limitRows: number }
  /** Not UTF-8, UTF-16 or GB18030 text. */
  | { kind: 'unknown-encoding'; file: string }
  /** A saved web page, e.g. a login form, instead of the data. */
  | { kind: 'web-page'; file: string }
  /** None of JSON, JSONL, CSV, Parquet. `start` is how the text begins. */
  | { kind: 'unknown-format'; file: string; start: string }
  /** Valid JSON without a list of rows. */
  | { kind: 'no-row-list'; file: string }
  | { kind: 'no-rows'; file: string }
  /** Rows, but none has a question: `found` are the fields of the first one. */
  | { kind: 'wrong-shape'; file: string; found: string[] }
  | { kind: 'parquet-invalid'; file: string; detail: string }
  | { kind: 'parquet-codec'; file: string; codec: string }
  /** The browser could not read the file: moved, changed or locked since it was chosen. */
  | { kind: 'unreadable'; file: string; detail: string }

export type ImportFailure =
  | FileFailure
  | { kind: 'download-failed'; url: string; status: number | null; detail: string }
  /** See the same kinds of core/model/failure. */
  | { kind: 'locked' | 'host-not-chosen' | 'redirect-not-chosen'; url: string }
  | { kind: 'storage-full' }
  | { kind: 'storage-failed'; detail: string }
  /** The worker ended by itself, mostly for want of memory. */
  | { kind: 'worker-lost'; detail: string }
