import { isAmong } from '#core/privacy/hosts'

/** The report of a violation comes a task after the request fails, on a busy computer later. */
const REPORT_WAIT_MS = 300
const REPORT_CHECK_MS = 20

/**
 * Listens, from now on, to what the browser's policy refuses in this worker. The function that it gives says of a
 * request that has just failed whether that was the policy; null: it was not, or the browser does not say.
 */
export function watchPolicy(): (url: string) => Promise<'blocked-by-policy' | 'redirect-not-chosen' | null> {
  const policies = new Map<string, string>()
  addEventListener('securitypolicyviolation', (event) => {
    const { blockedURI, originalPolicy, disposition } = event as SecurityPolicyViolationEvent
    if (disposition === 'enforce') policies.set(blockedURI, originalPolicy)
  })
  return async (url) => {
    const { origin } = new URL(url)
    // Browsers report the whole address, or its origin alone.
    const reported = () => policies.get(url) ?? policies.get(origin)
    for (let waited = 0; waited < REPORT_WAIT_MS && reported() === undefined; waited += REPORT_CHECK_MS)
      await new Promise((resolve) => setTimeout(resolve, REPORT_CHECK_MS))
    const policy = reported()
    if (policy === undefined) return null
    // Of a request that was sent on, the first address is reported: where it led is not told to pages.
    return isAmong(connectSources(policy), origin) ? 'redirect-not-chosen' : 'blocked-by-policy'
  }
}

function connectSources(policy: string): string[] {
  const directive = policy.split(';').find((part) => part.trim().startsWith('connect-src '))
  return directive?.trim().split(/\s+/).slice(1) ?? []
}
