/** A synthetic checkpoint through the converter of the command line, and its own tensors for the reference. */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { QUANTIZATIONS } from '#core/convert/quantization'
import { renderJinja } from '#worker/models/jinja'
import { convertFolder } from '../convert/convert-folder'
import { failureText } from '../convert/report'
import { checkpointTensors } from './checkpoint-tensors'
import { seconds, type Checks } from './checks'
import type { LibraryFacts } from './library-facts'
import { exchanged, syntheticCheckpoint, SWAPS, type Swap } from './synthetic-checkpoint'
import type { TensorSource } from './tensor'
import { openWeights, type WeightsFolder } from './weights-folder'

export interface ConvertedModel {
  weights: WeightsFolder
  /** What the reference computes with: never what the converter wrote. */
  checkpoint: TensorSource
}

/** Always converted anew. With a swap, the converter is given a checkpoint of which the reference knows nothing. */
export async function convertedModel(
  library: LibraryFacts,
  cache: string,
  swap: Swap | undefined,
  checks: Checks,
): Promise<ConvertedModel> {
  const quantization = QUANTIZATIONS.find((each) => each === library.metadata.quantization)
  if (!quantization) throw new Error(`The converter does not write ${library.metadata.quantization}.`)
  const truth = syntheticCheckpoint(library, cache, undefined)
  const source = swap ? syntheticCheckpoint(library, cache, swap) : truth
  const out = join(cache, 'converted')
  rmSync(out, { recursive: true, force: true })
  const began = performance.now()
  const none = () => undefined
  const result = await convertFolder(
    { source, out, quantization, family: null, jobs: availableParallelism(), resume: false },
    { onPrepared: none, onKept: none, onProgress: none },
    renderJinja,
    new AbortController().signal,
  )
  if (swap) rmSync(source, { recursive: true })
  if (!result.ok) throw new Error(failureText(result.failure))
  const { plan, template } = result.value
  const weights = openWeights(out)
  if (!weights) throw new Error(`${out} was converted and cannot be read.`)
  checks.check(
    'convert',
    template.isCompared && template.differences.length === 0,
    `${(plan.sourceBytes / 1e6).toFixed(0)} MB to ${(plan.resultBytes / 1e6).toFixed(0)} MB in ${plan.shards.length} shards (${seconds(performance.now() - began)}); conversation ${template.family}, ${template.differences.length} differences`,
  )
  if (swap) checks.say('swap', `${SWAPS[swap].join(' and ')} bear each other's names: letters must FAIL`)
  return { weights, checkpoint: checkpointTensors(truth, quantization) }
}

/** The tensors as a converter would leave them that exchanges two of them. */
export function withSwap(find: TensorSource, swap: Swap): TensorSource {
  return (name) => find(exchanged(name, swap))
}
