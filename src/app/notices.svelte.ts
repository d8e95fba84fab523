export interface AppNotice {
  id: number
  text: string
  kind: 'info' | 'bad'
  /** A way back, e.g. undoing a deletion. */
  action?: { label: string; run: () => void | Promise<void> }
}

/**
 * Short messages over the page: what just happened, and its undo. They stay until dismissed or replaced; a report of
 * success only until the next message or page.
 */
export class Notices {
  #list = $state<AppNotice[]>([])
  #nextId = 0

  /** At most this many are shown; older ones make room. */
  static readonly MOST = 3

  get list(): readonly AppNotice[] {
    return this.#list
  }

  show(notice: Omit<AppNotice, 'id'>): number {
    const id = this.#nextId++
    this.settle()
    this.#list = [...this.#list, { ...notice, id }].slice(-Notices.MOST)
    return id
  }

  /** Takes away what needs no answer: another page or message is shown. */
  settle(): void {
    this.#list = this.#list.filter(({ kind, action }) => kind === 'bad' || action)
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
