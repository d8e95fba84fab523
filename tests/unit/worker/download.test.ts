import { describe, expect, it } from 'vitest'
import { failure, success } from '#core/result'
import { streamDownload } from '../../../src/worker/download'

const URL_ASKED = 'https://example.org/model.gguf'
const never = new AbortController().signal
const ignore = () => undefined

const answers = (response: Response) => () => Promise.resolve(response)

function body(...chunks: (string | Error)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk === undefined) controller.close()
      else if (chunk instanceof Error) controller.error(chunk)
      else controller.enqueue(new TextEncoder().encode(chunk))
    },
  })
}

describe('streamDownload', () => {
  it('hands on every chunk in order and counts the bytes', async () => {
    const seen: string[] = []
    const result = await streamDownload(
      URL_ASKED,
      (chunk) => void seen.push(new TextDecoder().decode(chunk)),
      never,
      answers(new Response(body('one', 'two', 'three'))),
    )
    expect(result).toEqual(success(11))
    expect(seen).toEqual(['one', 'two', 'three'])
  })

  it.each([404, 401, 503])('tells the status %i', async (status) => {
    const result = await streamDownload(URL_ASKED, ignore, never, answers(new Response(null, { status })))
    expect(result).toMatchObject(failure({ kind: 'download-failed', url: URL_ASKED, status }))
  })

  it('tells a network that fails at once or on the way', async () => {
    const offline = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await streamDownload(URL_ASKED, ignore, never, offline)).toEqual(
      failure({ kind: 'download-failed', url: URL_ASKED, detail: 'TypeError: Failed to fetch' }),
    )
    const broken = answers(new Response(body('one', new TypeError('network error'))))
    expect(await streamDownload(URL_ASKED, ignore, never, broken)).toMatchObject(
      failure({ kind: 'download-failed' }),
    )
  })

  it('ends as aborted, not as failed, when the signal aborts', async () => {
    const stop = new AbortController()
    const result = await streamDownload(
      URL_ASKED,
      () => stop.abort(),
      stop.signal,
      answers(new Response(body('one', 'two'))),
    )
    expect(result).toEqual(failure({ kind: 'aborted' }))
  })

  it('leaves the receiver’s own errors to the receiver', async () => {
    const full = () => Promise.reject(new Error('disk full'))
    await expect(streamDownload(URL_ASKED, full, never, answers(new Response(body('one'))))).rejects.toThrow(
      'disk full',
    )
  })
})
