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
  ])('%o is %s and back', (route, hash) => {
    expect(routeHash(route)).toBe(hash)
    expect(parseRoute(hash)).toEqual(route)
  })

  it.each([
    ['#/results/compare', { page: 'results' }],
    ['#/results/compare/a', { page: 'results' }],
    ['#/results/compare/a/a', { page: 'results' }],
    ['#/results/compare/a//b/a', { page: 'results', compared: ['a', 'b'] }],
    ['#/nowhere', { page: 'home' }],
  ])('%s leads to %o', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
  })
})
