import { expect, test } from 'vitest'
import { callSession, type SessionCall, type WorkerSession } from '#app/worker-session'

interface Api {
  work(): Promise<string>
}

/** A session whose worker opens when the test says so, and what was done to it. */
function openingSession() {
  const done: string[] = []
  let open: () => void = () => undefined
  let lose: (reason: string) => void = () => undefined
  const session: WorkerSession<Api> = {
    api: {} as WorkerSession<Api>['api'],
    opened: new Promise((resolve) => (open = resolve)),
    lost: new Promise((resolve) => (lose = resolve)),
    end(reason) {
      done.push('ended')
      lose(reason)
    },
  }
  const call: SessionCall<Api, string> = {
    start() {
      done.push('started')
      return new Promise(() => undefined)
    },
    cancel() {
      done.push('cancelled')
      return Promise.resolve()
    },
    graceMs: 20,
    aborted: 'aborted',
    lost: (reason) => `lost: ${reason}`,
  }
  return { session, call, done, open, lose }
}

test('a call that is cancelled while its worker opens is never made, and the worker lives', async () => {
  const { session, call, done, open } = openingSession()
  const controller = new AbortController()
  const answer = callSession(session, call, controller.signal)
  controller.abort()
  open()
  expect(await answer).toBe('aborted')
  expect(done).toEqual([])
})

test('a worker that does not answer a cancellation is ended', async () => {
  const { session, call, done, open } = openingSession()
  const controller = new AbortController()
  const answer = callSession(session, call, controller.signal)
  open()
  await session.opened
  controller.abort()
  expect(await answer).toBe('aborted')
  expect(done).toEqual(['started', 'cancelled', 'ended'])
})

test('a call ends with its worker', async () => {
  const { session, call, lose } = openingSession()
  const answer = callSession(session, call, new AbortController().signal)
  lose('memory')
  expect(await answer).toBe('lost: memory')
})
