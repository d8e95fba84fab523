/** Hash routes: they work under any base path and on any static host. */
export type Route =
  | { page: 'home' }
  | { page: 'models' }
  /** Setting up and watching runs, or the prompts that they send. */
  | { page: 'benchmark'; prompts?: true }
  /** One run, or two and more of them side by side (`compared`, different ids), or the list of all. */
  | { page: 'results'; runId?: string; compared?: readonly string[] }
  | { page: 'chat'; conversationId?: string }
  | { page: 'settings' }

const PROMPTS = 'prompts'

/** Stands where a run's id would; ids of runs are UUIDs. */
const COMPARE = 'compare'

/** The route a location hash names; anything unknown is the home page. */
export function parseRoute(hash: string): Route {
  const [page = '', id, ...more] = hash.replace(/^#\/?/, '').split('/').map(decodeSegment)
  switch (page) {
    case 'models':
    case 'settings':
      return { page }
    case 'benchmark':
      return id === PROMPTS ? { page, prompts: true } : { page }
    case 'results': {
      if (id !== COMPARE) return id ? { page, runId: id } : { page }
      const compared = [...new Set(more.filter((segment) => segment !== ''))]
      return compared.length > 1 ? { page, compared } : { page }
    }
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
    case 'benchmark':
      return route.prompts ? `#/benchmark/${PROMPTS}` : '#/benchmark'
    case 'results':
      if (route.compared) {
        return ['#/results', COMPARE, ...route.compared.map(encodeURIComponent)].join('/')
      }
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
