import { describe, expect, it } from 'vitest'
import type { Dataset } from '#core/dataset/item'
import { datasetId } from '#core/dataset/fingerprint'
import { partRequest, planFileText, readPlanFile, type PlanFile } from '#core/receipt/plan-file'
import { fullRun } from '../export/runs'

const { plan } = fullRun()
const text = planFileText(plan, 'ff'.repeat(32), 7)

function read(json: unknown = JSON.parse(text)): PlanFile {
  const file = readPlanFile(json)
  if (!file.ok) throw new Error(JSON.stringify(file.failure))
  return file.value
}

describe('the plan of a split run as a file', () => {
  it('gives the other parts the same set-up', () => {
    const here = { dataset: { id: 'here' } as unknown as Dataset, model: plan.model }
    const request = partRequest(read(), 2, here)
    expect(request).toEqual({
      ...here,
      selection: plan.selection,
      protocol: plan.protocol,
      prompts: plan.prompts,
      rotationShare: plan.rotationShare,
      shots: { count: 1, pool: { ...plan.shots?.pool, id: datasetId('99'.repeat(32)) } },
      decoding: plan.decoding,
      reusePrompt: true,
      budget: plan.budget,
      split: { part: 2, of: 2 },
      questions: null,
      origin: { kind: 'own' },
    })
  })

  it('passes on no question, not even those of the examples', () => {
    expect(text).not.toContain('Example stem')
  })

  const change = (changes: object) => readPlanFile({ ...(JSON.parse(text) as object), ...changes })
  it.each([
    ['of', { of: 1 }, 'of'],
    ['of', { of: 10_000 }, 'of'],
    ['a protocol', { protocol: 'x' }, 'protocol'],
    ['a seed', { selection: { ...plan.selection, seed: -1 } }, 'selection.seed'],
    ['a version', { version: 3 }, 'version'],
  ])('is refused with the place that is wrong: %s', (_, changes, place) => {
    const file = change(changes)
    expect(file.ok ? null : file.failure.place).toBe(place)
  })
})
