/**
 * Runs the merge of two attention states on this device's GPU and compares it with the same arithmetic on the CPU.
 * Shapes: S is [rows, heads], V is [rows, heads, headDim]; scores are base-2 logarithms, as in FlashInfer and TVM.
 */
/** With 32 invocations a row for the larger head: as many as every device allows in a workgroup. */
const HEADS = 8
const ROWS = 200
/** Floats that each invocation merges; a row of `headDim` has headDim / 4 invocations. */
const WIDTH = 4
const TOLERANCE = 1e-4
const BARRIER = 'storageBarrier(); workgroupBarrier();'

/** The kernel's structure in few words: the same reads, arithmetic and writes in the same order. */
function minimalKernel(headDim) {
  return {
    entryPoint: 'merge_state',
    code: `
struct Shape { D: i32, H: i32, N: i32, limit: u32 }
@group(0) @binding(0) var<storage, read_write> S: array<f32>;
@group(0) @binding(1) var<storage, read> S_other: array<f32>;
@group(0) @binding(2) var<storage, read_write> V: array<f32>;
@group(0) @binding(3) var<storage, read> V_other: array<f32>;
@group(0) @binding(4) var<uniform> shape: Shape;

@compute @workgroup_size(${headDim / WIDTH}, ${HEADS}, 1)
fn merge_state(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) at: vec3<u32>) {
  let row = i32(group.x) * shape.H + i32(at.y);
  let mine = S[row];
  let other = S_other[row];
  let top = max(mine, other);
  let a = exp2(mine - top);
  let b = exp2(other - top);
  let first = row * shape.D + i32(at.x) * ${WIDTH};
  /* barrier */
  for (var i = first; i < first + ${WIDTH}; i++) {
    V[i] = fma(V_other[i], b / (a + b), V[i] * (a / (a + b)));
  }
  S[row] = log2(a + b) + top;
}`,
    withBarrier: (code) => code.replace('/* barrier */', BARRIER),
  }
}

/** The kernel as a library holds it: WGSL is stored in it as text, ended by a zero byte. */
async function kernelOf(file) {
  const text = new TextDecoder('latin1').decode(await file.arrayBuffer())
  // The second is the name that later compilers give.
  const name = /fn (merge_state_inplace_kernel|tir_attention_merge_state_kernel)\b/.exec(text)?.[1]
  if (!name) throw new Error(`${file.name} has no kernel that merges attention states.`)
  const at = text.indexOf(`fn ${name}`)
  const begin = text.lastIndexOf('\0', at) + 1
  const code = text.slice(text.indexOf('@group', begin), text.indexOf('\n}\n', at) + 3)
  const [, across] = /@workgroup_size\((\d+), *(\d+)/.exec(code) ?? []
  if (!across || /\bf16\b/.test(code)) throw new Error('This page runs kernels in float32.')
  return {
    entryPoint: name,
    code,
    headDim: Number(across) * WIDTH,
    heads: Number(/@workgroup_size\(\d+, *(\d+)/.exec(code)[1]),
    // Behind the last read of S, before the first write.
    withBarrier: (source) => source.replace(/(let v__2\b)/, `${BARRIER}\n  $1`),
  }
}

function randomArray(length, spread) {
  return Float32Array.from({ length }, () => (Math.random() - 0.5) * spread)
}

function merged({ s, sOther, v, vOther }, headDim) {
  const outS = new Float32Array(s.length)
  const outV = new Float32Array(v.length)
  s.forEach((mine, row) => {
    const top = Math.max(mine, sOther[row])
    const [a, b] = [2 ** (mine - top), 2 ** (sOther[row] - top)]
    outS[row] = Math.log2(a + b) + top
    for (let i = row * headDim; i < (row + 1) * headDim; i++) outV[i] = (v[i] * a + vOther[i] * b) / (a + b)
  })
  return { s: outS, v: outV }
}

async function run(device, { code, entryPoint }, headDim, heads) {
  const state = {
    s: randomArray(ROWS * heads, 8),
    sOther: randomArray(ROWS * heads, 8),
    v: randomArray(ROWS * heads * headDim, 2),
    vOther: randomArray(ROWS * heads * headDim, 2),
  }
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffers = [state.s, state.sOther, state.v, state.vOther].map((data) => {
    const buffer = device.createBuffer({ size: data.byteLength, usage })
    device.queue.writeBuffer(buffer, 0, data)
    return buffer
  })
  const shape = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
  // The last one is the highest index of a workgroup, as the library's launcher passes it.
  device.queue.writeBuffer(shape, 0, new Int32Array([headDim, heads, ROWS, ROWS - 1]))
  const module = device.createShaderModule({ code })
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module, entryPoint },
  })
  const entries = [...buffers, shape].map((buffer, binding) => ({ binding, resource: { buffer } }))
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
  pass.dispatchWorkgroups(ROWS)
  pass.end()
  device.queue.submit([encoder.finish()])
  const [s, v] = await Promise.all([read(device, buffers[0]), read(device, buffers[2])])
  for (const buffer of [...buffers, shape]) buffer.destroy()
  return compare({ s, v }, merged(state, headDim), headDim)
}

async function read(device, source) {
  const size = source.size
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(source, 0, buffer, 0, size)
  device.queue.submit([encoder.finish()])
  await buffer.mapAsync(GPUMapMode.READ)
  const values = new Float32Array(buffer.getMappedRange().slice(0))
  buffer.destroy()
  return values
}

function compare(found, expected, headDim) {
  const wrong = new Set()
  let [worstV, worstS] = [0, 0]
  found.v.forEach((value, i) => {
    const error = Math.abs(value - expected.v[i])
    worstV = Math.max(worstV, error)
    if (!(error <= TOLERANCE)) wrong.add(Math.floor(i / headDim))
  })
  found.s.forEach((value, row) => {
    const error = Math.abs(value - expected.s[row])
    worstS = Math.max(worstS, error)
    if (!(error <= TOLERANCE)) wrong.add(row)
  })
  return { rows: found.s.length, wrongRows: wrong.size, worstV, worstS }
}

/** All kernels, without and with the barrier. Also on `globalThis.race`, for a script that reads the numbers. */
async function measure(library) {
  const adapter = await navigator.gpu?.requestAdapter()
  if (!adapter) throw new Error('This browser gives no WebGPU adapter.')
  const device = await adapter.requestDevice()
  const { vendor, architecture, description, subgroupMinSize, subgroupMaxSize } = adapter.info
  const kernels = [64, 128].map((headDim) => ({
    name: `minimal, head size ${headDim}`,
    headDim,
    heads: HEADS,
    ...minimalKernel(headDim),
  }))
  if (library) kernels.push({ name: library.name, ...(await kernelOf(library)) })
  const results = []
  for (const { name, code, entryPoint, withBarrier, headDim, heads } of kernels)
    for (const barrier of [false, true]) {
      const source = barrier ? withBarrier(code) : code
      if (barrier && source === code) throw new Error(`${name}: no place for the barrier was found.`)
      results.push({
        name,
        barrier,
        invocations: headDim / WIDTH,
        ...(await run(device, { code: source, entryPoint }, headDim, heads)),
      })
    }
  device.destroy()
  return { adapter: { vendor, architecture, description, subgroupMinSize, subgroupMaxSize }, results }
}

async function show() {
  const element = (id) => document.getElementById(id)
  const verdict = element('verdict')
  try {
    const [library] = element('library').files
    const { adapter, results } = await measure(library)
    element('adapter').textContent = `${navigator.userAgent}\n${JSON.stringify(adapter)}`
    element('rows').replaceChildren(
      ...results.map((each) => {
        const row = document.createElement('tr')
        row.append(
          ...[
            each.name,
            each.invocations,
            each.barrier ? 'yes' : 'no',
            `${each.wrongRows} of ${each.rows}`,
            each.worstV.toExponential(1),
            each.worstS.toExponential(1),
          ].map((text) => Object.assign(document.createElement('td'), { textContent: String(text) })),
        )
        return row
      }),
    )
    const shows = results.some(({ barrier, wrongRows }) => !barrier && wrongRows > 0)
    verdict.textContent = shows
      ? 'The race shows on this device.'
      : 'The race does not show on this device: a row’s invocations run in step.'
    globalThis.race = { adapter, results }
  } catch (error) {
    verdict.textContent = String(error)
  }
}

document.getElementById('again').addEventListener('click', () => void show())
document.getElementById('library').addEventListener('change', () => void show())
void show()
