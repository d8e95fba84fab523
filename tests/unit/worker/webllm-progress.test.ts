import { describe, expect, it } from 'vitest'
import type { LoadProgress } from '#core/engine'
import { webLlmProgress, type WebLlmReport } from '../../../src/worker/webllm-progress'

/** As @mlc-ai/web-llm 0.2.79 and 0.2.86 word them; both use the same texts. */
const cacheText = (shard: number, of: number, percent: number) =>
  `Loading model from cache[${shard}/${of}]: ${shard * 32}MB loaded. ${percent}% completed, 3 secs elapsed.`
const shaderText = (shader: number, of: number, percent: number) =>
  `Loading GPU shader modules[${shader}/${of}]: ${percent}% completed, 2 secs elapsed.`

const WHOLE_LOAD: WebLlmReport[] = [
  { progress: 0, text: 'Start to fetch params' },
  { progress: 0.25, text: cacheText(1, 4, 25) },
  { progress: 0.5, text: cacheText(2, 4, 50) },
  { progress: 0.75, text: cacheText(3, 4, 75) },
  { progress: 1, text: cacheText(4, 4, 100) },
  { progress: 0.4, text: shaderText(34, 85, 40) },
  { progress: 1, text: shaderText(85, 85, 100) },
  { progress: 1, text: 'Finish loading on WebGPU - apple' },
]

function follow(reports: readonly WebLlmReport[]) {
  const told: [step: string, fraction: number | undefined][] = []
  const report = webLlmProgress((progress: LoadProgress) => {
    if (progress.kind === 'preparing') told.push([progress.step, progress.fraction])
  })
  reports.forEach(report)
  return told
}

describe('webLlmProgress', () => {
  it('tells copying and compiling apart, each from 0 to 1, without a silent gap between them', () => {
    expect(follow(WHOLE_LOAD)).toEqual([
      ['upload', 0],
      ['upload', 0.25],
      ['upload', 0.5],
      ['upload', 0.75],
      ['upload', 1],
      ['compile-shaders', 0],
      ['compile-shaders', 0.4],
      ['compile-shaders', 1],
      ['compile-shaders', 1],
    ])
  })

  it('never goes back, whatever order the reports come in', () => {
    const told = follow([
      { progress: 0.5, text: cacheText(2, 4, 50) },
      { progress: 0.25, text: cacheText(1, 4, 25) },
      { progress: 0.4, text: shaderText(34, 85, 40) },
      { progress: 0.75, text: cacheText(3, 4, 75) },
      { progress: 0.3, text: shaderText(30, 85, 30) },
    ])
    expect(told).toEqual([
      ['upload', 0.5],
      ['upload', 0.5],
      ['compile-shaders', 0.4],
      ['compile-shaders', 0.4],
    ])
  })

  it('says nothing of what it does not know, and no fraction that is none', () => {
    expect(follow([{ progress: 0.1, text: 'Fetching param cache[1/4]: 32MB fetched.' }])).toEqual([])
    expect(follow([{ progress: Number.NaN, text: 'Start to fetch params' }])).toEqual([['upload', 0]])
  })
})
