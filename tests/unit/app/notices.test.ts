import { expect, test } from 'vitest'
import { Notices } from '#app/notices.svelte'

const shown = (notices: Notices) => notices.list.map(({ text }) => text)

test('a report of success gives way to the next message; problems and ways back stay', () => {
  const notices = new Notices()
  notices.show({ kind: 'info', text: 'stored' })
  notices.show({ kind: 'bad', text: 'failed' })
  expect(shown(notices)).toEqual(['failed'])
  notices.show({ kind: 'info', text: 'deleted', action: { label: 'Undo', run: () => undefined } })
  notices.show({ kind: 'info', text: 'checked' })
  expect(shown(notices)).toEqual(['failed', 'deleted', 'checked'])
  notices.show({ kind: 'info', text: 'exported' })
  expect(shown(notices)).toEqual(['failed', 'deleted', 'exported'])
  notices.settle()
  expect(shown(notices)).toEqual(['failed', 'deleted'])
})
