export interface AppNotice {
  id: number
  text: string
  kind: 'info' | 'bad'
  /** A way back, e.g. undoing a deletion. */
  action?: { label: string; run: () => void | Promise<void> }
}

/**
 * Short messages over the page: what just happened, and its undo. A report of success stays until the next message or
 * page, and a few seconds at most; problems and ways back until they are dismissed or another page is opened.
 */
export class Notices {
  #list = $state<AppNotice[]>([])
  #nextId = 0
  readonly #wait: (then: () => void, ms: number) => unknown

  /** At most this many are shown; older ones make room. */
  static readonly MOST = 3

  /** Two lines are read in half of it. */
  static readonly READ_MS = 8000

  constructor(wait: (then: () => void, ms: number) => unknown = (then, ms) => setTimeout(then, ms)) {
    this.#wait = wait
  }

  get list(): readonly AppNotice[] {
    return this.#list
  }

  show(notice: Omit<AppNotice, 'id'>): number {
    const id = this.#nextId++
    this.settle()
    this.#list = [...this.#list, { ...notice, id }].slice(-Notices.MOST)
    if (needsNoAnswer(notice)) this.#wait(() => this.dismiss(id), Notices.READ_MS)
    return id
  }

  /** Takes away what needs no answer: another page or message is shown. */
  settle(): void {
    this.#list = this.#list.filter((notice) => !needsNoAnswer(notice))
  }

  /** Takes all away: the user went on to something else. */
  leave(): void {
    this.#list = []
  }

  /** Runs the newest way back. False where there is none. */
  undo(): boolean {
    const newest = this.#list.findLast(({ action }) => action)
    if (newest) void this.act(newest.id)
    return newest !== undefined
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id)
  }

  /** Runs the notice's action once and takes the notice away. */
  async act(id: number): Promise<void> {
    const notice = this.#list.find((shown) => shown.id === id)
    this.dismiss(id)
    await notice?.action?.run()
  }
}

function needsNoAnswer({ kind, action }: Pick<AppNotice, 'kind' | 'action'>): boolean {
  return kind === 'info' && !action
}
