/** The chosen hosts and the lock, as an archive has them. */
import * as v from 'valibot'
import { choosable } from '../privacy/hosts'
import { withHosts, type PrivacyState } from '../privacy/state'
import { misfitOf } from '../receipt/expected'
import { Line } from '../receipt/shapes'
import { failure, success, type Result } from '../result'
import type { WorkspaceFailure } from './failure'
import { MAX_HOSTS } from './limits'

const State = v.object({
  locked: v.boolean(),
  hosts: v.pipe(
    v.array(
      v.pipe(
        Line,
        v.check((host) => choosable(host) === host),
      ),
    ),
    v.maxLength(MAX_HOSTS),
  ),
})

export function readPrivacyEntry(entry: string, text: string): Result<PrivacyState, WorkspaceFailure> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return failure({ kind: 'not-json', entry, row: null })
  }
  const parsed = v.safeParse(State, json)
  if (parsed.success) return success(parsed.output)
  return failure({ kind: 'misfit', entry, row: null, ...misfitOf(parsed.issues[0], '') })
}

/** What holds after an import: nothing is unlocked by it, and hosts are added only where the user asked for it. */
export function afterImport(here: PrivacyState, incoming: PrivacyState): PrivacyState {
  return withHosts({ ...here, locked: here.locked || incoming.locked }, incoming.hosts)
}
