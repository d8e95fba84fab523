/** What the browser reports of requests that a content security policy refused, written into the ledger. */
import { isCanary } from '#core/privacy/canary'
import type { LedgerEntry } from '#core/privacy/ledger'
import { isNetworkAddress, shownAddress } from '#core/privacy/ledger-address'
import type { LedgerLog } from './ledger-log'

/** From now on, for the page or worker that calls it. */
export function recordViolations(log: Pick<LedgerLog, 'record'>, from: LedgerEntry['from']): void {
  addEventListener('securitypolicyviolation', (event) => {
    recordViolation(event as SecurityPolicyViolationEvent, log, from)
  })
}

export function recordViolation(
  { blockedURI, disposition }: Pick<SecurityPolicyViolationEvent, 'blockedURI' | 'disposition'>,
  log: Pick<LedgerLog, 'record'>,
  from: LedgerEntry['from'],
): void {
  // Words such as "inline" are about code in the page, which asks nobody.
  if (disposition !== 'enforce' || !isNetworkAddress(blockedURI)) return
  log.record({
    at: Date.now(),
    from,
    url: shownAddress(blockedURI),
    redirectedBy: null,
    purpose: isCanary(blockedURI) ? 'self-test' : 'unknown',
    bytes: null,
    outcome: 'refused',
    refusedBy: 'policy',
    witness: 'browser',
  })
}
