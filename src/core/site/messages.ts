/** What pages and the service worker say to each other. */

/** The channel on which the service worker tells all pages what it does. */
export const SITE_CHANNEL = 'somnus-site'

/** Pages hold this lock, with the id of their build, so that its files are kept. */
export const PAGE_LOCK = 'somnus/page/'

/** The name of the `Server-Timing` entry by which the service worker tells a page which build it is of. */
export const BUILD_TIMING = 'build'

/** Why a build could not be kept for offline use. */
export type InstallFailure =
  /** No answer came, or it broke off. */
  | { kind: 'unreachable'; path: string }
  | { kind: 'status'; path: string; status: number }
  /** What came is not the file of this build: the site is being changed, or something on the way changed it. */
  | { kind: 'wrong-content'; path: string }
  /** The browser has no room for it. */
  | { kind: 'storage'; detail: string }

/** `scope`: the address of the copy of the site that it is about; versions that did not say so had none. */
export type SiteNews = { scope?: string } & SiteEvent

/** Whether news are about the copy at this address; another copy of the app at the same origin has builds of its own. */
export function isAbout(news: SiteNews, scope: string): boolean {
  return news.scope === undefined || news.scope === scope
}

export type SiteEvent =
  | { kind: 'progress'; build: string; storedBytes: number; totalBytes: number }
  | { kind: 'failed'; build: string; failure: InstallFailure }
  /** The user has taken another build: every page reloads as soon as it can. */
  | { kind: 'taken'; build: string }

/** Pages hold this lock, shared, while they do what a reload would end. */
export const WORK_LOCK = 'somnus/work'

export type SiteRequest =
  /** Answered with a `SiteStatus` on the port that comes with it. */
  | { kind: 'status' }
  /** A page of this build has started. */
  | { kind: 'started'; build: string }
  /** Keeps the worker's build anew where its files are gone; answered with a `SiteStatus` when that is done or failed. */
  | { kind: 'repair' }
  /** The pages shall get the build of the worker that hears this. */
  | { kind: 'take' }

export interface BuildSummary {
  id: string
  version: string
  files: number
  bytes: number
}

export interface SiteStatus {
  /** The build that the pages get; null where its files are not kept. */
  served: BuildSummary | null
  /** The build of the worker that answers. */
  own: BuildSummary
  /** The id of a build that was taken and did not start. */
  failed: string | null
}
