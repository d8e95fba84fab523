/**
 * The barrier that compiled libraries lack: the attention kernel that joins newly fed tokens with those in the KV cache
 * writes its scale back while other invocations of the row may still read it. Where a row spans subgroups the logits are
 * then wrong (docs/upstream/merge-state-race).
 */
import type { MergeBarrier } from '#core/numerics/types'

export interface Insertion {
  code: string
  outcome: Exclude<MergeBarrier, 'switched-off'>
}

/** Any function of such a name, also of one that goes on otherwise: that is a kernel nobody here has read. */
const KERNELS = /\bfn\s+(\w*merge_state\w*)\s*\(/g
/** Libraries of 2024 and most of 2025 have the first, later compilers give the others; all from the same source. */
const KNOWN_KERNELS = [
  'merge_state_inplace_kernel',
  'tir_attention_merge_state_kernel',
  'tir_attention_merge_state_mla_kernel',
]
/** The kernel's last read of S goes before this declaration, its first write of V behind it. */
const DECLARATION = /\blet v__2\b/g
const BARRIERS = 'storageBarrier(); workgroupBarrier(); '
/** A barrier may stand only where all invocations of a workgroup come by; so no other branch may go before it. */
const UNIFORM_EXIT = /\bif\s*\(([^;{}]*)\)\s*\{\s*return;\s*\}/g
const BRANCH = /\b(if|for|while|loop|switch|return|break|continue)\b/
const UNIFORM_VALUES = /\b(blockIdx|gridDim|podArgs)\.\w+/g
const NAME = /[A-Za-z_]\w*/

/** Puts the barriers into exactly the kernel that is known; every other shader stays byte for byte as it is. */
export function insertMergeBarrier(wgsl: string): Insertion {
  const kernels = [...wgsl.matchAll(KERNELS)]
  const [kernel] = kernels
  if (!kernel) return { code: wgsl, outcome: 'kernel-absent' }
  const isKnown = kernels.length === 1 && KNOWN_KERNELS.includes(kernel[1]!)
  const at = isKnown ? placeIn(wgsl, kernel.index) : null
  if (at === null) return { code: wgsl, outcome: 'pattern-unknown' }
  return { code: wgsl.slice(0, at) + BARRIERS + wgsl.slice(at), outcome: 'inserted' }
}

/** What became of the barrier in a load, from its shaders. */
export class BarrierRecord {
  readonly #isWanted: boolean
  readonly #outcomes = new Set<Insertion['outcome']>()

  constructor(isWanted: boolean) {
    this.#isWanted = isWanted
  }

  /** The shader as it is to be compiled. */
  readonly corrected = (wgsl: string): string => {
    if (!this.#isWanted) return wgsl
    const { code, outcome } = insertMergeBarrier(wgsl)
    this.#outcomes.add(outcome)
    return code
  }

  /** One kernel that is not known outweighs all that are. */
  get outcome(): MergeBarrier {
    if (!this.#isWanted) return 'switched-off'
    if (this.#outcomes.has('pattern-unknown')) return 'pattern-unknown'
    return this.#outcomes.has('inserted') ? 'inserted' : 'kernel-absent'
  }
}

/** Where the barriers belong: behind all reads of S, before all writes. Null unless the function is as it is known. */
function placeIn(wgsl: string, start: number): number | null {
  const open = wgsl.indexOf('{', start)
  const end = closingBrace(wgsl, open)
  if (open < 0 || end < 0) return null
  const body = wgsl.slice(open + 1, end)
  const declarations = [...body.matchAll(DECLARATION)]
  const [declaration] = declarations
  if (!declaration || declarations.length > 1 || body.includes('Barrier(')) return null
  const before = body.slice(0, declaration.index)
  const behind = body.slice(declaration.index)
  const isKnown =
    comesBy(before) &&
    writes(before, 'S') + writes(before, 'V') === 0 &&
    uses(before, 'S') > 0 &&
    // Behind it S is written, once, and not read again.
    uses(behind, 'S') === 1 &&
    writes(behind, 'S') === 1
  return isKnown ? open + 1 + declaration.index : null
}

/** Whether every invocation of the workgroup gets to the end of these statements, or none. */
function comesBy(statements: string): boolean {
  const exits = [...statements.matchAll(UNIFORM_EXIT)]
  return (
    exits.every(([, condition = '']) => !NAME.test(condition.replaceAll(UNIFORM_VALUES, ''))) &&
    !BRANCH.test(statements.replaceAll(UNIFORM_EXIT, '')) &&
    !statements.replaceAll(UNIFORM_EXIT, '').includes('{')
  )
}

function uses(statements: string, array: string): number {
  return [...statements.matchAll(new RegExp(`\\b${array}\\s*\\[`, 'g'))].length
}

/** Statements that begin with the array and assign to it. */
function writes(statements: string, array: string): number {
  const assignment = new RegExp(`^\\s*${array}\\s*\\[.*\\]\\s*[-+*/%&|^]?=(?!=)`)
  return statements.split(/[;{}]/).filter((statement) => assignment.test(statement)).length
}

/** The index of the brace that closes the one at `open`, or -1. */
function closingBrace(text: string, open: number): number {
  let depth = 0
  for (let i = open; i >= 0 && i < text.length; i++) {
    if (text[i] === '{') depth += 1
    else if (text[i] === '}' && --depth === 0) return i
  }
  return -1
}
