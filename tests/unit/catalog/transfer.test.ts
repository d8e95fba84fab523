import { describe, expect, it } from 'vitest'
import { addSample, transferRate, type TransferSample } from '#core/catalog/transfer'

const samples = (...pairs: [at: number, loadedBytes: number][]): TransferSample[] =>
  pairs.reduce<TransferSample[]>((all, [at, loadedBytes]) => addSample(all, { at, loadedBytes }), [])

describe('transferRate', () => {
  it('says nothing before a second has been seen', () => {
    expect(transferRate(samples([0, 0], [900, 1000]), 10_000)).toBeNull()
  })
  it('gives speed and time left', () => {
    expect(transferRate(samples([0, 0], [1000, 1000], [2000, 2000]), 10_000)).toEqual({
      bytesPerSecond: 1000,
      remainingMs: 8000,
    })
  })
  it('follows the last five seconds only', () => {
    const rate = transferRate(samples([0, 0], [10_000, 1000], [12_000, 9000], [14_000, 17_000]), 33_000)
    expect(rate).toEqual({ bytesPerSecond: 4000, remainingMs: 4000 })
  })
  it('starts anew when the bytes go back', () => {
    expect(samples([0, 0], [1000, 5000], [2000, 100])).toEqual([{ at: 2000, loadedBytes: 100 }])
  })
  it('says nothing while nothing arrives', () => {
    expect(transferRate(samples([0, 500], [3000, 500]), 1000)).toBeNull()
  })
})
