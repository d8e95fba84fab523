import { calendarDay } from '../export/calendar-day'
import { originalId } from '../run/origin'
import type { RunPlan } from '../run/types'
import type { CheckResult } from './check-result'

export const VERIFICATION_FORMAT = 'somnus-verification'

/** What verifying a run found, as JSON for others: which run, who checked it with what, and every check. */
export function verificationJson(
  plan: RunPlan,
  results: readonly CheckResult[],
  by: { at: number; appVersion: string; userAgent: string },
): string {
  const { name, createdAt, appVersion, model, dataset, promptSha256, askedSha256, origin } = plan
  const file = {
    format: VERIFICATION_FORMAT,
    version: 1,
    verifiedAt: by.at,
    verifiedWith: { app: by.appVersion, browser: by.userAgent },
    run: {
      id: originalId(plan),
      name,
      createdAt,
      app: appVersion,
      model,
      itemsSha256: dataset.itemsSha256,
      promptSha256,
      askedSha256,
      fileSha256: origin.kind === 'imported' ? origin.fileSha256 : null,
    },
    fileChecks: origin.kind === 'imported' ? origin.checks : [],
    checks: results,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** `at` in ms since 1970, e.g. "somnus-verification-2026-11-22.json". */
export function verificationFileName(at: number): string {
  return `somnus-verification-${calendarDay(at)}.json`
}
