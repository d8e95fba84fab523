/**
 * Which build the pages get. A new build waits until the user takes it, and has to show that it starts: after
 * `MOST_ATTEMPTS` pages of it that did not report a start, the pages get the build before it again.
 */
export interface Served {
  /** The id of the build that the pages get. */
  build: string
  /** The one to go back to; null once `build` has started, or where there is none. */
  previous: string | null
  /** Pages of `build` that were asked for since it was taken; below 0 while the tabs that were open reload. */
  attempts: number
  /** A build that was taken and did not start; it is not offered again. */
  failed: string | null
}

/** A page that is closed before it has started counts as well, so that one is too few. */
export const MOST_ATTEMPTS = 2

export function firstServed(build: string): Served {
  return { build, previous: null, attempts: 0, failed: null }
}

/** The user takes `build`; the `openPages`, which all reload then, are one attempt together. */
export function take(served: Served, build: string, openPages = 1): Served {
  if (build === served.build) return served
  // A build that has not shown yet that it starts is none to go back to.
  const attempts = Math.min(0, 1 - openPages)
  return { build, previous: served.previous ?? served.build, attempts, failed: null }
}

/** A page is asked for: it gets the `build` of what is returned. */
export function openPage(served: Served): Served {
  if (served.previous === null) return served
  if (served.attempts < MOST_ATTEMPTS) return { ...served, attempts: served.attempts + 1 }
  return { build: served.previous, previous: null, attempts: 0, failed: served.build }
}

/** A page of the served build has started. */
export function confirmStart(served: Served): Served {
  return { ...served, previous: null, attempts: 0 }
}
