/** How a host answers for one path: the good and the bad manners of real model hubs. */
export interface HubBehaviour {
  /** Sends the visitor to the second host, under an address that differs each time (a signed address). */
  redirect?: true
  /** False: a Range header is ignored and the whole file is sent. */
  ranges?: false
  /** False: HEAD is answered with 405. */
  head?: false
  /** Answers the first `times` requests with this status. */
  refuse?: { status: number; times: number; retryAfter?: string }
  /** Breaks the connection before byte `at` of the file is sent, at the first `times` requests that come to it. */
  cut?: { at: number; times: number }
  /** Breaks every connection after so many bytes. */
  cutEvery?: number
  /** Stops sending before byte `at`, leaving the connection open. */
  stall?: { at: number; times: number }
  /** Sends another byte at `at`. */
  wrongByte?: { at: number; times: number }
  /** Asks for `Authorization: Bearer <token>`: 401 without it, 403 with another one. The second host asks for none. */
  gated?: { token: string }
  /** Answers a Range header with other bytes than asked for, this many later; the header tells which. */
  shiftedRange?: number
  /** Compresses for those who accept it, unless they ask for a range. */
  gzip?: true
  /** From the second request on the file is this one, with another entity tag. */
  changed?: Uint8Array
  /** False: the answer carries no permission for pages of other sites. */
  cors?: false
  /** False: pages of other sites can read the body, but neither entity tag nor Content-Range. */
  exposed?: false
  /** False: no entity tag. */
  etag?: false
  /** False: no Content-Length. */
  length?: false
  /** For each answer by itself. */
  bytesPerSecond?: number
}
