/** Hash routes: they work under any base path and on any static host. */
export type Route =
  | { page: 'home' }
  | { page: 'models' }
  | { page: 'benchmark' }
  | { page: 'results'; runId?: string }
  | { page: 'chat'; conversationId?: string }
  | { page: 'settings' }

/** The route a location hash names; anything unknown is the home page. */
export function parseRoute(hash: string): Route {
  const [page = '', id] = hash.replace(/^#\/?/, '').split('/').map(decodeSegment)
  switch (page) {
    case 'models':
    case 'benchmark':
    case 'settings':
      return { page }
    case 'results':
      return id ? { page, runId: id } : { page }
    case 'chat':
      return id ? { page, conversationId: id } : { page }
    default:
      return { page: 'home' }
  }
}

/** The hash of a route, for links. */
export function routeHash(route: Route): string {
  switch (route.page) {
    case 'home':
      return '#/'
    case 'results':
      return route.runId ? `#/results/${encodeURIComponent(route.runId)}` : '#/results'
    case 'chat':
      return route.conversationId ? `#/chat/${encodeURIComponent(route.conversationId)}` : '#/chat'
    default:
      return `#/${route.page}`
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
