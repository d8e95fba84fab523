import { expect, it } from 'vitest'
import { Presets } from '#app/presets.svelte'
import type { ChatPreset, PresetId } from '#core/chat/types'

it('a preset that was removed comes back as the one that conversations name', async () => {
  const stored = new Map<PresetId, ChatPreset>()
  let ids = 0
  const presets = new Presets({
    database: {
      list: () =>
        Promise.resolve([...stored.values()].map((preset) => ({ id: preset.id, preset, savedAt: 0 }))),
      save: (preset) => Promise.resolve(void stored.set(preset.id, preset)),
      remove: (id) => Promise.resolve(void stored.delete(id)),
    },
    texts: () => {
      throw new Error('not asked for')
    },
    now: () => 0,
    newId: () => `own-${(ids += 1)}` as PresetId,
  })
  const settings = { system: 'Be brief.', temperature: 0, topP: 1, maxTokens: 9, seed: null }
  const kept = await presets.save({ name: 'Brief', description: '', settings })
  const removed = await presets.remove(kept.id)
  expect(presets.own).toEqual([])
  if (removed) await presets.bringBack(removed)
  expect(presets.own).toEqual([kept])
})
