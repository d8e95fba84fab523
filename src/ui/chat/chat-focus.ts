/** Where the keyboard goes on the chat page when what it was on is gone. */
import type { FocusPlaces } from '../parts/keep-focus'

type ChatPlace =
  /** A message stands beside its other versions, below its parent. `action` is the button that led away. */
  | { kind: 'message'; id: string; parent: string; action: string | undefined }
  | { kind: 'conversation'; index: number }
  | { kind: 'elsewhere'; isKeyboard: boolean }

/** Through the versions of a message: at their end the way back is left. */
const STEPS = ['previous', 'next'] as const
const isStep = (action: string | undefined) => STEPS.some((step) => step === action)

export function chatPlaces(page: () => HTMLElement | undefined): FocusPlaces<ChatPlace> {
  const all = (selector: string) => [...(page()?.querySelectorAll<HTMLElement>(selector) ?? [])]

  function placeOf(element: HTMLElement, isKeyboard: boolean): ChatPlace {
    const message = element.closest<HTMLElement>('[data-message]')
    if (message) {
      const { message: id = '', parent = '' } = message.dataset
      return {
        kind: 'message',
        id,
        parent,
        action: element.closest<HTMLElement>('[data-action]')?.dataset.action,
      }
    }
    const row = element.closest<HTMLElement>('[data-row]')
    if (row) return { kind: 'conversation', index: all('[data-row]').indexOf(row) }
    return { kind: 'elsewhere', isKeyboard }
  }

  function messageAt({ id, parent, action }: ChatPlace & { kind: 'message' }): HTMLElement | undefined {
    const messages = all('[data-message]')
    const message =
      messages.find(({ dataset }) => dataset.message === id) ??
      messages.find(({ dataset }) => dataset.parent === parent) ??
      messages.find(({ dataset }) => dataset.message === parent)
    const names = isStep(action) ? [action, ...STEPS] : [action]
    const buttons = names.map((name) =>
      message?.querySelector<HTMLElement>(`button[data-action='${name}']:enabled`),
    )
    return buttons.find((button) => button) ?? message ?? question()
  }

  function rowAt(index: number): HTMLElement | null | undefined {
    const rows = all('[data-row]')
    const row = rows[Math.min(index, rows.length - 1)]
    return row ? row.querySelector<HTMLElement>('a') : all('nav button')[0]
  }

  const question = () => all('.composer textarea')[0]

  function successorOf(place: ChatPlace) {
    if (place.kind === 'message') return messageAt(place)
    if (place.kind === 'conversation') return rowAt(place.index)
    // A finger's tap would bring up the keyboard on the screen.
    return place.isKeyboard || matchMedia('(hover: hover)').matches ? question() : null
  }

  return { placeOf, successorOf }
}
