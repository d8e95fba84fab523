/** WebLLM itself, with the classes that it keeps to itself: so tests meet the structure of the real releases. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import type { MLCEngine } from '@mlc-ai/web-llm'

export const RELEASES = { '0.2.79': 'web-llm-0.2.79', '0.2.86': '@mlc-ai/web-llm' } as const
export type Release = keyof typeof RELEASES

export interface InsidePackage {
  MLCEngine: typeof MLCEngine
  LLMChatPipeline: new (...parts: unknown[]) => object
  CustomLock: new () => object
  ModelType: { LLM: number }
}

const require = createRequire(import.meta.url)
const opened = new Map<Release, InsidePackage>()

export function packageOf(release: Release): InsidePackage {
  const known = opened.get(release)
  if (known) return known
  const source = readFileSync(require.resolve(RELEASES[release]), 'utf8')
  const body = source.replace(/^export \{[^}]*\};$/m, '')
  const open = compileFunction(
    `${body}\nreturn { MLCEngine, LLMChatPipeline, CustomLock, ModelType }`,
  ) as () => InsidePackage
  const inside = open()
  opened.set(release, inside)
  return inside
}
