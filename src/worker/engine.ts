/** Entry of the engine worker. The engines are imported when first asked for, so the first screen pays nothing. */
import { version } from '@mlc-ai/web-llm/package.json'
import type { Engine, EngineKind } from '#core/engine'
import { LedgerLog } from '#data/privacy/ledger-log'
import { recordViolations } from '#data/privacy/violations'
import { serveEngines } from './serve'

async function createEngine(kind: EngineKind): Promise<Engine> {
  switch (kind) {
    case 'wllama': {
      const { WllamaEngine } = await import('./wllama')
      return new WllamaEngine()
    }
    case 'webllm': {
      const [{ WebLlmEngine }, webllm] = await Promise.all([import('./webllm'), import('@mlc-ai/web-llm')])
      return new WebLlmEngine({ version, MLCEngine: webllm.MLCEngine })
    }
    case 'scripted': {
      const { ScriptedEngine } = await import('./scripted')
      return new ScriptedEngine()
    }
  }
}

recordViolations(new LedgerLog(), 'worker')
serveEngines(createEngine)
