import { expect, it } from 'vitest'
import { watchBackground } from '../../../src/app/background-watch'

function newPage(visibilityState: DocumentVisibilityState) {
  const listeners: (() => void)[] = []
  const page = {
    visibilityState,
    addEventListener: (_: string, listener: () => void) => void listeners.push(listener),
  }
  const turn = (state: DocumentVisibilityState) => {
    page.visibilityState = state
    listeners.forEach((listener) => listener())
  }
  return { page: page as unknown as Document, turn }
}

it('notes a time in the background that began and ended between two questions', () => {
  const { page, turn } = newPage('visible')
  const wasHidden = watchBackground(page)
  expect(wasHidden()).toBe(false)
  turn('hidden')
  turn('visible')
  expect(wasHidden()).toBe(true)
  expect(wasHidden()).toBe(false)
})

it('says so as long as the page is in the background', () => {
  const { page, turn } = newPage('hidden')
  const wasHidden = watchBackground(page)
  expect([wasHidden(), wasHidden()]).toEqual([true, true])
  turn('visible')
  expect([wasHidden(), wasHidden()]).toEqual([true, false])
})
