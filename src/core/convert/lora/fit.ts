/** Whether adapters fit a checkpoint, and what they say of each of its tensors. */
import type { ModelFailure } from '../../model/failure'
import type { CheckpointConfig } from '../checkpoint-config'
import { CHECKPOINT_CONFIG } from '../checkpoint-config'
import { layoutOf, OUTPUT_HEAD } from '../layout'
import type { LoraPair } from '../plan'
import type { Adapter } from './adapter'

/** Wrong and right: what MedS3's head tells apart. */
const CLASSES = 2

/** What the adapters add to a tensor of the checkpoint, in the order in which they are given. */
export function pairsOf(tensor: string, adapters: readonly Adapter[]): LoraPair[] {
  return adapters.flatMap(({ pairs }) => pairs.get(tensor) ?? [])
}

/** The first thing in the way: a matrix that is not there or of another size, or a head that has no place. */
export function adaptersProblem(
  config: CheckpointConfig,
  adapters: readonly Adapter[],
): ModelFailure | undefined {
  const matrices = new Map(
    layoutOf(config)
      // What an embedding gains is no product of this kind.
      .filter(({ kind, name }) => kind === 'matrix' && name !== 'model.embed_tokens')
      .flatMap(({ parts }) => parts.map(({ name, shape }) => [name, shape] as const)),
  )
  for (const adapter of adapters) {
    const problem = pairsProblem(adapter, matrices) ?? headProblem(adapter, config)
    if (problem) return problem
  }
  if (adapters.some(({ head }) => head) && adapters.some(({ pairs }) => pairs.has(`${OUTPUT_HEAD}.weight`)))
    return { kind: 'tensor-unexpected', path: adapters[0]!.path, tensor: `${OUTPUT_HEAD}.lora_A.weight` }
  return undefined
}

function pairsProblem(
  { path, pairs, config }: Adapter,
  matrices: ReadonlyMap<string, readonly number[]>,
): ModelFailure | undefined {
  for (const [name, { a, b }] of pairs) {
    const shape = matrices.get(name)
    if (!shape) return { kind: 'tensor-unexpected', path: a.path, tensor: a.tensor }
    const [rows = 0, columns = 0] = shape
    const wrong = a.columns !== columns ? a : b.rows !== rows ? b : null
    if (wrong) {
      const expected = wrong === a ? `${a.rows} × ${columns}` : `${rows} × ${b.columns}`
      const actual = `${wrong.rows} × ${wrong.columns}`
      return { kind: 'tensor-shape', path: wrong.path, tensor: wrong.tensor, expected, actual }
    }
  }
  for (const target of config.targets ?? []) {
    const places = [...matrices.keys()].filter((name) => name.endsWith(`.${target}.weight`))
    const missing = places.find((name) => !pairs.has(name))
    if (missing !== undefined)
      return { kind: 'tensor-missing', path, tensor: missing.replace(/weight$/, 'lora_A.weight') }
  }
  return undefined
}

function headProblem({ head }: Adapter, config: CheckpointConfig): ModelFailure | undefined {
  if (!head) return undefined
  const { path, tensor, rows, columns } = head.weight
  if (rows !== CLASSES || columns !== config.hiddenSize) {
    const sizes = { expected: `${CLASSES} × ${config.hiddenSize}`, actual: `${rows} × ${columns}` }
    return { kind: 'tensor-shape', path, tensor, ...sizes }
  }
  // Its output layer is the embedding, whose rows are read as well.
  if (!config.isTied) return undefined
  const entry = { entry: 'tie_word_embeddings', found: 'true', needed: 'false' }
  return { kind: 'checkpoint-unsupported', path: CHECKPOINT_CONFIG, ...entry }
}

/**
 * Token ids for the rows of each class: the highest of the vocabulary, which in Llama 3 are reserved and in others
 * padding or rare, without those that begin, end or pad. Nothing but the head's logits is read of such a model, and what
 * the embedding says of these tokens stays as it was, so they are free wherever the vocabulary is large enough.
 */
export function headTokenIds(config: CheckpointConfig, rows: number, classes: number): number[][] {
  const kept = new Set([...config.beginTokens, ...config.endTokens, ...config.padTokens])
  const free: number[] = []
  for (let id = config.vocabulary - 1; id >= 0 && free.length < rows * classes; id -= 1)
    if (!kept.has(id)) free.push(id)
  return Array.from({ length: classes }, (_, index) => free.slice(index * rows, (index + 1) * rows))
}
