import type { EngineResult } from '#core/engine'
import type { PromptReading } from '#core/numerics/types'

/** Whether a request says that what the engine holds of earlier prompts is not what it should be. */
export function tellsOfFailedCheck(result: EngineResult<{ reading?: PromptReading } | object>): boolean {
  if (!result.ok) return result.failure.kind === 'reuse-check-failed'
  return 'reading' in result.value && result.value.reading?.reason === 'check-failed'
}
