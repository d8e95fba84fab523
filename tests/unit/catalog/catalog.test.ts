import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { builtInProblems, catalogProblems } from '../../../scripts/catalog-file'
import { webLlmProblems } from '../../../scripts/check-models'
import { downloadHosts, goldenLettersOf, parseCatalog, variantsOf, type Catalog } from '#core/catalog'

type Json = Record<string, unknown>

function shipped(): Catalog {
  const parsed = parseCatalog(catalogJson)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure))
  return parsed.value
}

/** The shipped catalogue with one change; paths like `models.1.availability.variants.0.engine`. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(catalogJson) as unknown as Json
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<Json>((at, key) => at[key] as Json, copy)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

function problemsOf(input: unknown) {
  const parsed = parseCatalog(input)
  return parsed.ok ? [] : parsed.failure
}

describe('models.json', () => {
  it('satisfies the schema and matches the model file it names', async () => {
    expect(await catalogProblems()).toEqual([])
  })

  it.each([
    ['sha256', '0'.repeat(64)],
    ['downloadBytes', 1],
    ['url', 'models/missing.gguf'],
  ])('is refused with a wrong %s of the built-in model', async (field, value) => {
    const parsed = parseCatalog(changed(`models.0.availability.variants.0.${field}`, value))
    const problems = parsed.ok ? await builtInProblems(parsed.value) : []
    expect(problems.map(({ path }) => path)).toEqual([`models[0].availability.variants[0].${field}`])
  })

  it('gives the addresses, memory and context of the installed WebLLM', () => {
    expect(webLlmProblems(shipped())).toEqual([])
  })

  it('requires shader-f16 for every half-precision WebLLM variant and for no other', () => {
    const variants = shipped().models.flatMap((model) => variantsOf(model))
    for (const variant of variants) {
      if (variant.engine !== 'webllm') continue
      expect(variant.requiredFeatures, variant.mlcModelId).toEqual(
        variant.quantization.includes('f16') ? ['shader-f16'] : [],
      )
    }
    expect(variants.filter(({ engine }) => engine === 'webllm')).toHaveLength(8)
  })

  it('says that Qwen2.5-3B may be used for research only', () => {
    const licences = shipped().models.map((model) => [model.id, model.licence.kind])
    expect(licences).toContainEqual(['qwen2.5-3b-instruct', 'non-commercial'])
    expect(licences).toContainEqual(['qwen2.5-7b-instruct', 'open'])
  })

  it('tells each host of a download, and none for the built-in model', () => {
    const hosts = Object.fromEntries(
      shipped().models.flatMap((model) =>
        variantsOf(model).map((variant) => [`${model.id}/${variant.id}`, downloadHosts(variant)]),
      ),
    )
    expect(hosts['formulary/q8_0']).toEqual([])
    expect(hosts['qwen2.5-0.5b-instruct/q4_k_m']).toEqual(['huggingface.co'])
    expect(hosts['qwen2.5-7b-instruct/q4f32_1']).toEqual(['huggingface.co', 'raw.githubusercontent.com'])
  })
})

describe('parseCatalog', () => {
  it('takes letters that another device gave, of WebLLM variants only', () => {
    const variants = catalogJson.models.map(({ availability }) => availability)
    const model = variants.findIndex((a) => 'variants' in a && a.variants[0]?.engine === 'webllm')
    const item = {
      messages: [{ role: 'user', content: 'Which?' }],
      letters: ['A', 'B'],
      probabilities: [0.9, 0.1],
    }
    const golden = {
      ...{ device: 'WebGPU (one)', fingerprint: 'f'.repeat(64), librarySha256: '1'.repeat(64) },
      items: [item],
    }
    const path = (at: number) => `models.${at}.availability.variants.0.goldenLetters`
    const parsed = parseCatalog(changed(path(model), golden))
    const [variant] = parsed.ok ? variantsOf(parsed.value.models[model]!) : []
    expect(variant && goldenLettersOf(variant)).toEqual(golden)
    expect(goldenLettersOf(variantsOf(shipped().models[model]!)[0]!)).toBeUndefined()
    expect(problemsOf(changed(path(0), golden))).not.toEqual([])
    expect(problemsOf(changed(path(model), { ...golden, items: [] }))).not.toEqual([])
  })

  const variant = 'models.1.availability.variants'
  const cases: [what: string, path: string, value: unknown, where: string][] = [
    ['a missing field', 'models.1.name', undefined, 'models[1].name'],
    ['an empty name', 'models.1.name', '  ', 'models[1].name'],
    ['an unknown field', 'models.1.rating', 5, 'models[1].rating'],
    ['a description without Chinese', 'models.1.description', { en: 'A model.' }, 'models[1].description.zh'],
    ['an id with spaces', 'models.1.id', 'Qwen 2.5', 'models[1].id'],
    ['an id used twice', 'models.2.id', 'formulary', 'models[2].id'],
    ['a variant id used twice', `${variant}.1.id`, 'q4f16_1', 'models[1].availability.variants[1].id'],
    ['no variant', variant, [], 'models[1].availability.variants'],
    ['an unknown engine', `${variant}.0.engine`, 'onnx', 'models[1].availability.variants[0].engine'],
    ['a size of zero', `${variant}.0.downloadBytes`, 0, 'models[1].availability.variants[0].downloadBytes'],
    ['a size as text', `${variant}.0.memoryMB`, '945', 'models[1].availability.variants[0].memoryMB'],
    ['a short checksum', `${variant}.2.sha256`, 'abc', 'models[1].availability.variants[2].sha256'],
    [
      'a foreign host',
      `${variant}.0.weightsUrl`,
      'https://evil.test/x',
      'models[1].availability.variants[0].weightsUrl',
    ],
    [
      'a look-alike host',
      `${variant}.0.libraryUrl`,
      'https://huggingface.co.evil.test/x',
      'models[1].availability.variants[0].libraryUrl',
    ],
    [
      'credentials before the host',
      `${variant}.0.libraryUrl`,
      'https://huggingface.co@evil.test/x',
      'models[1].availability.variants[0].libraryUrl',
    ],
    [
      'a file outside the model folder',
      `${variant}.2.url`,
      '../secret.gguf',
      'models[1].availability.variants[2].url',
    ],
    ['plain http', `${variant}.2.url`, 'http://huggingface.co/x', 'models[1].availability.variants[2].url'],
    [
      'an unknown GPU feature',
      `${variant}.0.requiredFeatures`,
      ['subgroups'],
      'models[1].availability.variants[0].requiredFeatures[0]',
    ],
    ['an unknown availability', 'models.1.availability.kind', 'soon', 'models[1].availability.kind'],
    [
      'an alternative that cannot be loaded',
      'models.5.availability.insteadId',
      'hypnos',
      'models[5].availability.insteadId',
    ],
    ['a licence without address', 'models.1.licence', { kind: 'open', name: 'MIT' }, 'models[1].licence.url'],
    ['no models', 'models', [], 'models'],
  ]

  it.each(cases)('rejects %s and says where', (_, path, value, where) => {
    expect(problemsOf(changed(path, value)).map((problem) => problem.path)).toContain(where)
  })

  it.each([[null], [[]], ['models'], [3]])('rejects %j as a whole', (input) => {
    expect(problemsOf(input)).not.toEqual([])
  })
})
