import { describe, expect, it } from 'vitest'
import { parseRoute, routeHash, type Route } from '../../src/ui/router'

describe('routes', () => {
  it.each<[Route, string]>([
    [{ page: 'home' }, '#/'],
    [{ page: 'benchmark' }, '#/benchmark'],
    [{ page: 'benchmark', prompts: true }, '#/benchmark/prompts'],
    [{ page: 'results' }, '#/results'],
    [{ page: 'results', runId: 'a/b' }, '#/results/a%2Fb'],
    [{ page: 'results', compared: ['a', 'b c', 'd'] }, '#/results/compare/a/b%20c/d'],
    [{ page: 'chat', conversationId: 'x' }, '#/chat/x'],
    [{ page: 'chat', compare: true }, '#/chat/compare'],
    [{ page: 'chat', compare: true, comparisonId: 'c' }, '#/chat/compare/c'],
    [{ page: 'chat', item: { runId: 'a/b', position: 7 } }, '#/chat/item/a%2Fb/7'],
    [{ page: 'lab' }, '#/lab'],
    [{ page: 'lab', kind: 'experts' }, '#/lab/experts'],
    [{ page: 'lab', kind: 'cross-filter', id: 'a/b' }, '#/lab/cross-filter/a%2Fb'],
    [{ page: 'privacy' }, '#/privacy'],
  ])('%o is %s and back', (route, hash) => {
    expect(routeHash(route)).toBe(hash)
    expect(parseRoute(hash)).toEqual(route)
  })

  it.each([
    ['#/results/compare', { page: 'results' }],
    ['#/results/compare/a', { page: 'results' }],
    ['#/results/compare/a/a', { page: 'results' }],
    ['#/results/compare/a//b/a', { page: 'results', compared: ['a', 'b'] }],
    ['#/chat/item/a/x', { page: 'chat' }],
    ['#/lab/unheard-of/x', { page: 'lab' }],
    ['#/nowhere', { page: 'home' }],
  ])('%s leads to %o', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
  })
})
