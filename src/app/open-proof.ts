import { LedgerLog } from '#data/privacy/ledger-log'
import { recordViolation } from '#data/privacy/violations'
import { buildHash } from './build-hash'
import { browserPorts } from './proof-runner'
import { Proof, type PrivacyFacts } from './proof.svelte'

const log = new LedgerLog()

/** The ledger and the self-test of this page. */
export function openProof(privacy: PrivacyFacts): Proof {
  return new Proof({
    log,
    selfTest: { ...browserPorts, log },
    privacy,
    buildHash,
    appVersion: __APP_VERSION__,
    now: () => Date.now(),
  })
}

/** Writes into the ledger what the page's policy refused. */
export function recordPageViolation(event: SecurityPolicyViolationEvent): void {
  recordViolation(event, log, 'page')
}
