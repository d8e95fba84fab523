import { expect, test } from 'vitest'
import { Notices } from '#app/notices.svelte'

const shown = (notices: Notices) => notices.list.map(({ text }) => text)
const never = () => undefined
const undo = { label: 'Undo', run: () => undefined }

test('a report of success gives way to the next message; problems and ways back stay', () => {
  const notices = new Notices(never)
  notices.show({ kind: 'info', text: 'stored' })
  notices.show({ kind: 'bad', text: 'failed' })
  expect(shown(notices)).toEqual(['failed'])
  notices.show({ kind: 'info', text: 'deleted', action: undo })
  notices.show({ kind: 'info', text: 'checked' })
  expect(shown(notices)).toEqual(['failed', 'deleted', 'checked'])
  notices.show({ kind: 'info', text: 'exported' })
  expect(shown(notices)).toEqual(['failed', 'deleted', 'exported'])
  notices.settle()
  expect(shown(notices)).toEqual(['failed', 'deleted'])
  notices.leave()
  expect(shown(notices)).toEqual([])
})

test('a report of success goes by itself; a problem and a way back wait for the user', () => {
  const waits: (() => void)[] = []
  const notices = new Notices((then, ms) => {
    expect(ms).toBe(Notices.READ_MS)
    waits.push(then)
  })
  notices.show({ kind: 'bad', text: 'failed' })
  notices.show({ kind: 'info', text: 'deleted', action: undo })
  notices.show({ kind: 'info', text: 'exported' })
  for (const then of waits) then()
  expect(shown(notices)).toEqual(['failed', 'deleted'])
})

test('the newest way back is taken first, each once', () => {
  const done: string[] = []
  const notices = new Notices(never)
  for (const text of ['first', 'second']) {
    notices.show({ kind: 'info', text, action: { label: 'Undo', run: () => void done.push(text) } })
  }
  expect([notices.undo(), notices.undo(), notices.undo()]).toEqual([true, true, false])
  expect(done).toEqual(['second', 'first'])
})
