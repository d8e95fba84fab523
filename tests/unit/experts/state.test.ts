import { describe, expect, test } from 'vitest'
import { stageMessages, stageSeed } from '#core/experts/messages'
import {
  endReason,
  foldExperts,
  narrativeOf,
  nextStage,
  tokensFor,
  type ExpertsState,
} from '#core/experts/state'
import type { ExpertsEvent } from '#core/experts/types'
import { checked, created, expertsPlan, written } from './fixture'

function fold(...events: ExpertsEvent[]): ExpertsState {
  const state = foldExperts(events)
  if (!state) throw new Error('illegal')
  return state
}

const R1 = written('reasoning', 1, 'first thought')
const F1 = written('reflection', 1, '<Feedback>look again</Feedback><Rating>1</Rating>')
const UNSOUND = written('reflection', 1, '<Feedback>no</Feedback><Rating>0</Rating>')
const R2 = written('reasoning', 2, 'second thought')
const F2 = written('reflection', 2, 'hm')
const SILENT = written('reasoning', 1, '')
const CLOSED: ExpertsEvent = { kind: 'closed', at: 9 }

describe('what comes next', () => {
  test.each<[string, ExpertsEvent[], string | null, number, ReturnType<typeof endReason>]>([
    ['nothing yet', [], 'reasoning', 1, null],
    ['a reasoning', [R1], 'reflection', 1, null],
    ['a review', [R1, F1], 'sufficiency', 1, null],
    ['a passed check', [R1, F1, checked(1, 0.5)], 'narrative', 1, 'sufficient'],
    ['a failed check', [R1, F1, checked(1, 0.49)], 'reasoning', 2, null],
    ['a passed check of what the reviewer calls unsound', [R1, UNSOUND, checked(1, 1)], 'reasoning', 2, null],
    ['a check that the vocabulary does not allow', [R1, F1, checked(1, null)], 'reasoning', 2, null],
    ['the last round', [R1, F1, checked(1, 0), R2, F2, checked(2, 0)], 'narrative', 2, 'rounds'],
    ['an end asked for', [R1, CLOSED], 'narrative', 1, 'closed'],
    ['an end asked for before anything was thought', [CLOSED], 'reasoning', 1, null],
    [
      'an end asked for when the first thought was cut short',
      [written('reasoning', 1, 'begun', { finish: 'abort' }), CLOSED],
      'narrative',
      1,
      'closed',
    ],
    ['a reply that was cut short', [written('reasoning', 1, 'x', { finish: 'abort' })], 'reasoning', 1, null],
    [
      'a reply that ran to its limit',
      [written('reasoning', 1, 'x', { finish: 'length' })],
      'reflection',
      1,
      null,
    ],
    [
      'the last round of a model that says nothing',
      [SILENT, F1, checked(1, 0), written('reasoning', 2, ''), F2, checked(2, 0)],
      'narrative',
      2,
      'rounds',
    ],
    ['an end asked for of a model that says nothing', [SILENT, CLOSED], 'narrative', 1, 'closed'],
    ['all tokens', [written('reasoning', 1, 'x', { completionTokens: 1000 })], 'narrative', 1, 'tokens'],
    ['the account', [R1, CLOSED, written('narrative', 1, 'so')], null, 0, 'closed'],
  ])('after %s', (_, events, kind, round, reason) => {
    const state = fold(created(), ...events)
    const next = nextStage(state)
    expect(next?.kind ?? null).toBe(kind)
    if (next) expect(next.round).toBe(round)
    expect(endReason(state)).toBe(reason)
  })

  test('the reasoner writes the account and the reviewer checks', () => {
    expect(nextStage(fold(created(), R1, F1))?.role).toBe('reviewer')
    expect(nextStage(fold(created(), R1, CLOSED))?.role).toBe('reasoner')
  })
})

test('events that do not follow are refused', () => {
  for (const events of [
    [],
    [R1],
    [created(), created()],
    [created(), F1],
    [created(), R2],
    [created(), R1, CLOSED, written('narrative', 1, 'so'), CLOSED],
  ])
    expect(foldExperts(events)).toBeNull()
})

test('a reply gets what is left of the tokens, the account its own', () => {
  const state = fold(created(), written('reasoning', 1, 'x', { completionTokens: 950 }))
  expect(tokensFor(state, 'reflection')).toBe(50)
  expect(tokensFor(state, 'narrative')).toBe(100)
})

test('a stage is shown the latest whole reasoning and feedback, without tags', () => {
  const thought = written('reasoning', 1, '<think>in tags</think>said')
  const state = fold(
    created(),
    thought,
    F1,
    checked(1, 0),
    written('reasoning', 2, 'cut', { finish: 'abort' }),
  )
  const [message] = stageMessages(state, nextStage(state)!)
  expect(message?.content).toContain('<Reasoning>\nin tags\n\nsaid\n</Reasoning>')
  expect(message?.content).toContain('<Feedback>\nlook again\n</Feedback>')
  expect(message?.content).not.toContain('cut')
})

test('what is filled in is not read as a template', () => {
  const state = fold(created({ question: 'What is {feedback}?' }), R1)
  expect(stageMessages(state, nextStage(state)!)[0]?.content).toContain('What is {feedback}?')
})

test('each reply has a seed of its own', () => {
  expect(stageSeed(fold(created(), R1))).not.toBe(stageSeed(fold(created())))
  const most = { ...expertsPlan().sampling, seed: 2 ** 32 - 1 }
  expect(stageSeed(fold(created({ sampling: most }), R1))).toBe(0)
})

test('the account is there once it is whole', () => {
  const cut = written('narrative', 1, 'so', { finish: 'abort' })
  expect(narrativeOf(fold(created(), R1, CLOSED, cut))).toBeNull()
  expect(narrativeOf(fold(created(), R1, CLOSED, cut, written('narrative', 1, 'so it is')))?.reply).toBe(
    'so it is',
  )
})
