import type { Stage } from '#core/experts/types'
import type { Locale } from '#i18n/locale.svelte'
import { speedText } from '../../chat/reply-speed'

/** From the request to the last token, in ms. */
export function stageTime(stage: Stage): number {
  return stage.kind === 'sufficiency' ? stage.elapsedMs : stage.timeToFirstTokenMs + stage.decodeMs
}

/** What is known of a stage, as names and values. */
export function stageFacts(stage: Stage, locale: Locale): [string, string][] {
  const { study } = locale.t.experts
  const { engine } = stage
  const facts: [string, string][] = [
    [study.model, stage.modelName],
    [study.quantization, stage.quantization],
    [study.fingerprint, engine.fingerprint],
    [study.device, `${engine.engine} ${engine.engineVersion}, ${engine.device}`],
    [study.time, locale.latency(stageTime(stage))],
    [study.promptTokens, locale.number(stage.promptTokens)],
  ]
  if (stage.kind === 'sufficiency') return facts
  return [
    ...facts,
    [study.tokens, locale.number(stage.completionTokens)],
    [study.speed, speedText(stage, locale) ?? '—'],
    [study.seed, String(stage.seed)],
  ]
}
