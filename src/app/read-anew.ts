import type { Engine } from '#core/engine'
import type { PromptReading } from '#core/numerics/types'

type Answering = Pick<Engine, 'generate' | 'scoreLetters'>

/** An engine that reads every prompt from its beginning, because a comparison failed, and says so in each reading. */
export function readingAnew(engine: Answering): Answering {
  return {
    generate: async (request, onEvent, signal) => {
      const generated = await engine.generate({ ...request, ...ANEW }, onEvent, signal)
      return request.reusePrompt && generated.ok
        ? { ...generated, value: withReason(generated.value) }
        : generated
    },
    scoreLetters: async (request, signal) => {
      const scored = await engine.scoreLetters({ ...request, ...ANEW }, signal)
      return request.reusePrompt && scored.ok ? { ...scored, value: withReason(scored.value) } : scored
    },
  }
}

const ANEW = { reusePrompt: false, compareReuse: false }

function withReason<Read extends { reading?: PromptReading }>(read: Read): Read {
  return read.reading ? { ...read, reading: { ...read.reading, reason: 'check-failed' } } : read
}
