import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BarrierRecord, insertMergeBarrier } from '../../../src/worker/merge-barrier'

/** The kernel as Qwen2-0.5B-Instruct-q4f32_1-ctx4k_cs1k (v0_2_48) holds it. */
const KERNEL = readFileSync(
  new URL('../../fixtures/webgpu/merge-state-inplace.wgsl', import.meta.url),
  'utf8',
)
const OTHER = 'fn other() { let v__2 = 1; }'
/** The same of a later compiler, Phi-4-mini-instruct-q4f32_1-ctx4k_cs1k: more heads than a workgroup takes. */
const LATER = KERNEL.replaceAll('merge_state_inplace_kernel', 'tir_attention_merge_state_kernel')
  .replaceAll(
    '((v__1 * podArgs.H) + i32(threadIdx.y))',
    '(((i32(blockIdx.y) * 6i) + (v__1 * podArgs.H)) + i32(threadIdx.y))',
  )
  .replace('@workgroup_size(16, 14, 1)', '@workgroup_size(32, 6, 1)')
const BARRIERS = 'storageBarrier(); workgroupBarrier(); '

describe('insertMergeBarrier', () => {
  it.each([
    ['as the library holds it', KERNEL],
    ['with line ends of Windows', KERNEL.replaceAll('\n', '\r\n')],
    ['in half precision', `enable f16;\n${KERNEL.replaceAll('array<f32', 'array<f16')}`],
    ['for a head of 128', KERNEL.replace('@workgroup_size(16, 14, 1)', '@workgroup_size(32, 8, 1)')],
    ['as later compilers name it', LATER],
    ['as later compilers name it for latent attention', LATER.replaceAll('state_kernel', 'state_mla_kernel')],
    ['beside another shader with the same names', `${OTHER}\n${KERNEL}\n${OTHER}`],
  ])('puts the barriers between the reads and the writes of the kernel %s', (_, wgsl) => {
    const { code, outcome } = insertMergeBarrier(wgsl)
    expect(outcome).toBe('inserted')
    expect(code.replace(BARRIERS, '')).toBe(wgsl)
    const kernel = code.slice(code.search(/fn \w*merge_state/))
    const at = kernel.indexOf(BARRIERS)
    expect(at).toBeGreaterThan(kernel.lastIndexOf('s_val[0i] = S['))
    expect(kernel.slice(0, at)).not.toMatch(/^\s*[SV]\[/m)
  })

  it('leaves shaders without the kernel alone', () => {
    const header = '// Function: merge_state_inplace_kernel\n'
    expect(insertMergeBarrier(OTHER)).toEqual({ code: OTHER, outcome: 'kernel-absent' })
    expect(insertMergeBarrier(header)).toEqual({ code: header, outcome: 'kernel-absent' })
  })

  it.each([
    ['there are two', KERNEL + KERNEL],
    ['it has a name of the kind, but not a known one', LATER.replaceAll('state_kernel', 'state_v2_kernel')],
    ['its name goes on', KERNEL.replace('fn merge_state_inplace_kernel', 'fn merge_state_inplace_kernel_1')],
    ['the declaration has another name', KERNEL.replaceAll('v__2', 'v__3')],
    ['the declaration is there twice', KERNEL.replace('let v__2', 'let v__2 : i32 = 0i;\n  let v__2')],
    ['S is read again behind it', KERNEL.replace('  V[v__2 + 0]', '  scale[0i] = S[0];\n  V[v__2 + 0]')],
    ['S is written twice', KERNEL.replace('  V[v__2 + 0]', '  S[0] = 1f;\n  V[v__2 + 0]')],
    ['S is written before it', KERNEL.replace('  let v__2', '  S[0] = 1f;\n  let v__2')],
    ['V is written before it', KERNEL.replace('  let v__2', '  V[0] = 1f;\n  let v__2')],
    ['S is not read before it', KERNEL.replace('S[((v__1', 'T[((v__1')],
    ['it has a barrier', KERNEL.replace('  let v__2', '  workgroupBarrier();\n  let v__2')],
    [
      'invocations part before it',
      KERNEL.replace('{ return; }', '{ return; }\n  if (threadIdx.x > 3) { return; }'),
    ],
    ['the exit depends on the invocation', KERNEL.replace('podArgs.packGridDimX)', 'threadIdx.x)')],
    ['the reads are in a loop', KERNEL.replace('  let v__2', '  for (var i = 0; i < 2; i++) { let v__2')],
    ['it is cut off', KERNEL.slice(0, -10)],
  ])('leaves the kernel byte for byte where %s', (_, wgsl) => {
    expect(wgsl).not.toBe(KERNEL)
    expect(insertMergeBarrier(wgsl)).toEqual({ code: wgsl, outcome: 'pattern-unknown' })
  })
})

describe('BarrierRecord', () => {
  const unknown = KERNEL.replaceAll('v__2', 'v__3')

  it.each([
    ['kernel-absent', [OTHER]],
    ['inserted', [OTHER, KERNEL, OTHER]],
    ['pattern-unknown', [KERNEL, unknown, KERNEL]],
  ] as const)('sums a load up as %s', (outcome, shaders) => {
    const record = new BarrierRecord(true)
    for (const shader of shaders) record.corrected(shader)
    expect(record.outcome).toBe(outcome)
  })

  it('changes nothing where the kernel is wanted as it comes', () => {
    const record = new BarrierRecord(false)
    expect(record.corrected(KERNEL)).toBe(KERNEL)
    expect(record.outcome).toBe('switched-off')
  })
})
