/** What the service worker lets out, and the policy that it puts on what the pages get. */
import { headersOf } from '#core/privacy/policy'

/** Answers a request to another origin with an error where it is refused; else leaves it to the browser. */
export function guardForeign(_event: FetchEvent): void {
  // Nothing is refused here yet.
}

/** The headers that the file at `path`, below the site's root, must have. */
export function policyHeaders(path: string): Promise<Record<string, string>> {
  return Promise.resolve(headersOf(path, 'any-host'))
}
