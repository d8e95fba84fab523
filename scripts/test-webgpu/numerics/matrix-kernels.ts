/**
 * For tests on a software adapter only, and never part of the product: other WGSL for the 4-bit matrix products of a
 * compiled library (f32 activations). As compiled they meet at a barrier for nearly every sum, which a GPU does in passing and a
 * software adapter does by switching between 64 threads of control: 12 to 28 s for a token of a model of half a billion
 * parameters. Here every invocation adds up its own numbers and meets nobody; the same products come out, in another
 * order of addition. Attention, its merge kernel, norms, rotations and the cache are left exactly as compiled.
 */

/** Rows (tokens) and columns (outputs) that one invocation adds up; more of both spare reads, until registers run out. */
const TILE = 8
/** As compiled: a workgroup of the kernel for many tokens makes 32 rows of 32 columns. */
const BLOCK = 32
const VECTOR_THREADS = 64
/** 4-bit numbers in a word, and in the group that shares a scale. */
const IN_WORD = 8
const IN_GROUP = 32

/** What a compiled kernel says of its product. */
interface Matrix {
  entryPoint: string
  /** Bindings and arguments, as compiled. */
  declarations: string
  output: string
  /** 4-bit numbers; a row for each column of the output. */
  words: string
  scales: string
  input: string
  addend: { name: string; isBias: boolean } | undefined
  /** Numbers that go into one output. */
  inputs: number
  /** Columns; unknown where there is only one row. */
  outputs: number | undefined
  /** The argument that has the number of tokens; absent where that is one. */
  rows: string | undefined
  tokens: 'one' | 'few' | 'many'
}

type Workgroups = (x: number, y: number, z: number) => [number, number, number]

const each = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index))

const numberIn = (match: RegExpExecArray | null) => Number(match?.[1])

/** Reads a compiled matrix product; undefined for every other kernel, and for one that is not as these are known. */
function matrixOf(code: string): Matrix | undefined {
  const entryPoint = /fn (\w*dequantize\w*NT_matmul\w*)\(/.exec(code)?.[1]
  if (!entryPoint) return undefined
  const declarations = code.slice(0, code.indexOf('var<workgroup>'))
  const buffers = [...declarations.matchAll(/var<storage, (read_write|read)> (\w+) : array<(\w+)>;/g)].map(
    ([, access, name = '', type]) => ({ access, name, type }),
  )
  const output = buffers.find(({ access }) => access === 'read_write')?.name
  const at = buffers.findIndex(({ type }) => type === 'u32')
  const words = buffers[at]?.name
  const scales = buffers[at + 1]?.name
  const others = buffers.filter(({ name }) => ![output, words, scales].includes(name)).map(({ name }) => name)
  const [, place, value] = new RegExp(`^\\s*${output}\\[(.*)\\] = (.*);$`, 'm').exec(code) ?? []
  if (!output || !words || !scales || !place || !value || others.length > 2) return undefined
  const added = others.find((name) => value.includes(`${name}[`))
  const input = others.find((name) => name !== added)
  if (!input || buffers.some(({ name, type }) => name !== words && type !== 'f32')) return undefined
  const rows = /(\w+): i32,\s*packGridDimX/.exec(declarations)?.[1]
  // A bias is read by its column, a residual where the output is written.
  const addend = added && { name: added, isBias: rows !== undefined && !value.includes(`${added}[${place}]`) }
  const common = { entryPoint, declarations, output, words, scales, input, rows, addend: addend || undefined }
  const stride = (by: string) => numberIn(new RegExp(`${words}\\[[^\\n]*?${by} \\* (\\d+)i`).exec(code))
  const matrix: Matrix = !rows
    ? { ...common, tokens: 'one', inputs: stride('v__1') * IN_WORD, outputs: undefined }
    : code.includes('@workgroup_size(8, 8, 1)')
      ? {
          ...common,
          tokens: 'many',
          inputs: (stride('i32\\(blockIdx\\.y\\)') / BLOCK) * IN_WORD,
          outputs: numberIn(/i32\(threadIdx\.x\) \* (\d+)i/.exec(place)) / 4,
        }
      : {
          ...common,
          tokens: 'few',
          inputs: (stride('v__1') / 2) * IN_WORD,
          outputs: numberIn(/ax0 \* (\d+)i/.exec(place)),
        }
  const { inputs, outputs } = matrix
  const isKnown = inputs % IN_GROUP === 0 && (outputs === undefined || outputs % BLOCK === 0)
  return isKnown ? matrix : undefined
}

/** The kernel for one token: an invocation for each output. */
function vectorKernel(
  { entryPoint, declarations, output, words, scales, input, addend, inputs }: Matrix,
  thinning: number,
): string {
  const groups = inputs / IN_GROUP
  const half = (
    first: number,
  ) => `(vec4<f32>(vec4<u32>(${each(4, (at) => `word >> ${4 * (first + at)}u`).join(', ')}) & vec4<u32>(15u)) - 7.0)
        * vec4<f32>(${each(4, (at) => `${input}[k + ${first + at}u]`).join(', ')})`
  return `${declarations}
@compute @workgroup_size(${VECTOR_THREADS}, 1, 1)
fn ${entryPoint}(@builtin(workgroup_id) block : vec3<u32>, @builtin(local_invocation_id) thread : vec3<u32>) {
  let column = block.x * ${VECTOR_THREADS}u + thread.x;
  if (column >= podArgs.packGridDimX) { return; }
  var sum = 0.0;
  for (var group = 0u; group < ${groups}u; group += ${thinning}u) {
    var part = vec4<f32>(0.0);
    for (var w = group * 4u; w < group * 4u + 4u; w++) {
      let word = ${words}[column * ${groups * 4}u + w];
      let k = w * ${IN_WORD}u;
      part += ${half(0)};
      part += ${half(4)};
    }
    sum += (part.x + part.y + part.z + part.w) * ${scales}[column * ${groups}u + group];
  }
  ${output}[column] = sum${addend ? ` + ${addend.name}[column]` : ''};
}`
}

/** The kernel for several tokens: an invocation for each tile of 8 rows and 8 columns. */
function tileKernel(matrix: Matrix, thinning: number): string {
  const { entryPoint, declarations, output, words, scales, input, addend, inputs, outputs, rows, tokens } =
    matrix
  const groups = inputs / IN_GROUP
  const quads = [0, 1]
  const column = (quad: number, at: number) => `(column + ${4 * quad + at}u)`
  const sums = each(TILE, (row) => quads.map((quad) => `var sum${row}_${quad} = vec4<f32>(0.0);`).join(' '))
  const starts = each(TILE, (row) => `let start${row} = min(row + ${row}u, rows - 1u) * ${inputs}u;`)
  const readScales = quads.map(
    (quad) =>
      `let scale${quad} = vec4<f32>(${each(4, (at) => `${scales}[${column(quad, at)} * ${groups}u + group]`).join(', ')});`,
  )
  const readWords = quads.map(
    (quad) =>
      `var words${quad} = vec4<u32>(${each(4, (at) => `${words}[${column(quad, at)} * ${groups * 4}u + w]`).join(', ')});`,
  )
  const multiply = quads.map(
    (quad) => `let weight${quad} = (vec4<f32>(words${quad} & vec4<u32>(15u)) - 7.0) * scale${quad};
        words${quad} = words${quad} >> vec4<u32>(4u);
        ${each(TILE, (row) => `sum${row}_${quad} += weight${quad} * value${row};`).join(' ')}`,
  )
  const added = (place: string, at: number) =>
    addend ? ` + ${addend.name}[${addend.isBias ? `column + ${at}u` : place}]` : ''
  const write = each(TILE, (row) => {
    const stores = each(TILE, (at) => {
      const place = `(row + ${row}u) * ${outputs}u + column + ${at}u`
      return `${output}[${place}] = sum${row}_${at >> 2}[${at & 3}]${added(place, at)};`
    })
    return `if (row + ${row}u < rows) { ${stores.join(' ')} }`
  })
  // "Many" is dispatched in blocks of 32 times 32, as compiled; "few" are at most 8 rows.
  const [size, place] =
    tokens === 'many'
      ? [
          [BLOCK / TILE, BLOCK / TILE],
          `let row = block.x * ${BLOCK}u + thread.x * ${TILE}u; let column = block.y * ${BLOCK}u + thread.y * ${TILE}u;`,
        ]
      : [
          [1, VECTOR_THREADS],
          `let row = 0u; let column = (block.x * ${VECTOR_THREADS}u + thread.y) * ${TILE}u;`,
        ]
  return `${declarations}
@compute @workgroup_size(${size.join(', ')}, 1)
fn ${entryPoint}(@builtin(workgroup_id) block : vec3<u32>, @builtin(local_invocation_id) thread : vec3<u32>) {
  let rows = u32(podArgs.${rows});
  ${place}
  if (row >= rows || column >= ${outputs}u) { return; }
  ${[...sums, ...starts].join('\n  ')}
  for (var group = 0u; group < ${groups}u; group += ${thinning}u) {
    ${readScales.join('\n    ')}
    for (var w = group * 4u; w < group * 4u + 4u; w++) {
      ${readWords.join('\n      ')}
      for (var k = w * ${IN_WORD}u; k < (w + 1u) * ${IN_WORD}u; k++) {
        ${each(TILE, (row) => `let value${row} = ${input}[start${row} + k];`).join(' ')}
        ${multiply.join('\n        ')}
      }
    }
  }
  ${write.join('\n  ')}
}`
}

/** The kernel to be compiled in place of `code`, and how many workgroups it needs; undefined where it stays as it is. */
export function quickKernel(
  code: string,
  thinning: number,
): { code: string; workgroups: Workgroups } | undefined {
  const matrix = matrixOf(code)
  if (!matrix) return undefined
  const { tokens, outputs } = matrix
  const workgroups: Workgroups = (x, y, z) => {
    if (tokens === 'many') return [x, y, z]
    return [Math.ceil((outputs ? outputs / TILE : x * z) / VECTOR_THREADS), 1, 1]
  }
  return {
    code: tokens === 'one' ? vectorKernel(matrix, thinning) : tileKernel(matrix, thinning),
    workgroups,
  }
}

/** How many kernels were rewritten so far, and how many were not known. */
export const matrixProducts = { rewritten: 0, asCompiled: 0 }

/**
 * Rewrites the matrix products of every device that is opened from now on in this worker.
 *
 * With a `thinning` of n they take one in n groups of 32 inputs, as if the weights of all others were zero. That is
 * another model, with the same attention; it reads prompts n times as fast, and compares with itself as well as any.
 */
export function useQuickMatrixKernels(thinning: number): void {
  const modules = new WeakMap<GPUShaderModule, Workgroups>()
  const pipelines = new WeakMap<GPUComputePipeline, Workgroups>()
  const passes = new WeakMap<GPUComputePassEncoder, Workgroups | undefined>()

  const note = (pipeline: GPUComputePipeline, { compute }: GPUComputePipelineDescriptor) => {
    const workgroups = modules.get(compute.module)
    if (workgroups) pipelines.set(pipeline, workgroups)
    return pipeline
  }

  replaceMethod(GPUDevice.prototype, 'createShaderModule', (create) => {
    return function (this: GPUDevice, descriptor) {
      const quick = quickKernel(descriptor.code, thinning)
      if (!quick) {
        if (/fn \w*NT_matmul\w*\(/.test(descriptor.code)) matrixProducts.asCompiled += 1
        return create.call(this, descriptor)
      }
      matrixProducts.rewritten += 1
      const module = create.call(this, { ...descriptor, code: quick.code })
      modules.set(module, quick.workgroups)
      return module
    }
  })
  replaceMethod(GPUDevice.prototype, 'createComputePipelineAsync', (create) => {
    return async function (this: GPUDevice, descriptor) {
      return note(await create.call(this, descriptor), descriptor)
    }
  })
  replaceMethod(GPUDevice.prototype, 'createComputePipeline', (create) => {
    return function (this: GPUDevice, descriptor) {
      return note(create.call(this, descriptor), descriptor)
    }
  })
  replaceMethod(GPUComputePassEncoder.prototype, 'setPipeline', (set) => {
    return function (this: GPUComputePassEncoder, pipeline) {
      passes.set(this, pipelines.get(pipeline))
      return set.call(this, pipeline)
    }
  })
  replaceMethod(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', (dispatch) => {
    return function (this: GPUComputePassEncoder, x, y = 1, z = 1) {
      return dispatch.call(this, ...(passes.get(this)?.(x, y, z) ?? ([x, y, z] as const)))
    }
  })
}

function replaceMethod<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  make: (original: Target[Name]) => Target[Name],
): void {
  target[name] = make(target[name])
}
