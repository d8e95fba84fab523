import { STUDY_KINDS, type StudyKind } from '#core/study/types'

/** Hash routes: they work under any base path and on any static host. */
export type Route =
  | { page: 'home' }
  | { page: 'models' }
  /** Setting up and watching runs, or the prompts that they send. */
  | { page: 'benchmark'; prompts?: true }
  /** One run, or two and more of them side by side (`compared`, different ids), or the list of all. */
  | { page: 'results'; runId?: string; compared?: readonly string[] }
  /** A conversation, two models side by side (`compare`; one comparison by its id), or an answered item to go on from. */
  | {
      page: 'chat'
      conversationId?: string
      compare?: true
      comparisonId?: string
      item?: { runId: string; position: number }
    }
  /** Work with several replies or models: the experts' loop, the cross-filter; one study of it by its id. */
  | { page: 'lab'; kind?: StudyKind; id?: string }
  /** The lock, the ledger, the workspace: what leaves this computer and what is kept on it. */
  | { page: 'privacy' }
  | { page: 'settings' }

const PROMPTS = 'prompts'

/** These stand where an id would; ids of runs and conversations are UUIDs. */
const COMPARE = 'compare'
const ITEM = 'item'

/** The route a location hash names; anything unknown is the home page. */
export function parseRoute(hash: string): Route {
  const [page = '', id, ...more] = hash.replace(/^#\/?/, '').split('/').map(decodeSegment)
  switch (page) {
    case 'models':
    case 'privacy':
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
      return parseChat(id, more)
    case 'lab': {
      const kind = STUDY_KINDS.find((each) => each === id)
      return { page, ...(kind && { kind }), ...(kind && more[0] && { id: more[0] }) }
    }
    default:
      return { page: 'home' }
  }
}

function parseChat(id: string | undefined, [first, second]: readonly string[]): Route {
  if (id === COMPARE) return { page: 'chat', compare: true, ...(first && { comparisonId: first }) }
  if (id === ITEM && first && /^\d+$/.test(second ?? '')) {
    return { page: 'chat', item: { runId: first, position: Number(second) } }
  }
  return id && id !== ITEM ? { page: 'chat', conversationId: id } : { page: 'chat' }
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
      if (route.compare) return ['#/chat', COMPARE, route.comparisonId].filter(Boolean).join('/')
      if (route.item) return `#/chat/${ITEM}/${encodeURIComponent(route.item.runId)}/${route.item.position}`
      return route.conversationId ? `#/chat/${encodeURIComponent(route.conversationId)}` : '#/chat'
    case 'lab':
      return ['#/lab', route.kind, route.id && encodeURIComponent(route.id)].filter(Boolean).join('/')
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
