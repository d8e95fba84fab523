import { describe, expect, it } from 'vitest'
import { readSettings } from '#core/chat/files/read-settings'
import { presetSettings } from '#core/chat/presets'

const stored = { preset: null, ...presetSettings('case', 'en') }

describe('stored settings', () => {
  it('are read as they were stored', () => {
    expect(readSettings(stored)).toEqual(stored)
  })

  it.each([
    ['nothing', null],
    ['another thing', 'hot'],
    ['a temperature that no engine takes', { ...stored, temperature: 100 }],
    ['a reply without an end', { ...stored, maxTokens: Infinity }],
    ['a system message that is none', { ...stored, system: 7 }],
    ['too little', { preset: null }],
  ])('are not taken from %s', (_, wrong) => {
    expect(readSettings(wrong)).toBeNull()
  })
})
