/**
 * The copy of the site that this browser keeps for offline use, and newer versions of it. A newer one is fetched
 * beside the old one, offered, and taken when the user says so and no tab is at work.
 */
import type { BuildSummary, InstallFailure, SiteNews } from '#core/site/messages'
import { WORKER_FILE } from '#core/site/build'
import { askRepair, askStatus, hearNews, holdBuild, installed, pageBuild, post } from './site-worker'
import type { TabWork } from './tab-work.svelte'

export type { InstallFailure } from '#core/site/messages'

export type OfflineState =
  | { kind: 'impossible'; reason: 'development' | 'insecure' | 'unsupported' }
  | { kind: 'preparing'; storedBytes: number; totalBytes: number | null }
  /** Tried again when a page is opened. The reason is null where the browser does not tell it. */
  | { kind: 'failed'; failure: InstallFailure | null }
  | { kind: 'ready'; build: BuildSummary }

export type UpdateState =
  | { kind: 'none' }
  | { kind: 'preparing'; storedBytes: number; totalBytes: number | null }
  | { kind: 'failed'; failure: InstallFailure | null }
  | { kind: 'ready'; build: BuildSummary }
  /** The user wants it; some tab is at work. */
  | { kind: 'waiting'; build: BuildSummary }
  /** It was taken and did not start, so the pages got the earlier one again. */
  | { kind: 'did-not-start'; build: BuildSummary }

export interface SiteUpdatePorts {
  /** Null where pages of this origin cannot have service workers, with the reason. */
  container: ServiceWorkerContainer | 'development' | 'insecure' | 'unsupported'
  locks: LockManager
  work: TabWork
  /** Called once for each newer build that is ready. */
  offer: () => void
  reload: () => void
}

const STARTING = { kind: 'preparing', storedBytes: 0, totalBytes: null } as const

export class SiteUpdate {
  readonly #ports: SiteUpdatePorts
  #offline = $state.raw<OfflineState>(STARTING)
  #update = $state.raw<UpdateState>({ kind: 'none' })
  #registration: ServiceWorkerRegistration | undefined
  #lastFailure: InstallFailure | null = null
  #offered: string | undefined
  #wait: AbortController | undefined

  constructor(ports: SiteUpdatePorts) {
    this.#ports = ports
    if (typeof ports.container === 'string') this.#offline = { kind: 'impossible', reason: ports.container }
  }

  get offline(): OfflineState {
    return this.#offline
  }

  get update(): UpdateState {
    return this.#update
  }

  /** Lets the browser keep the site and follows what becomes of it. */
  async start(): Promise<void> {
    const { container, locks } = this.#ports
    if (typeof container === 'string') return
    const build = pageBuild()
    if (build) holdBuild(locks, build)
    hearNews((news) => this.#hear(news))
    const reportStart = () => {
      if (container.controller && build) post(container.controller, { kind: 'started', build })
    }
    reportStart()
    // A new worker may have become active while this page was opening.
    container.addEventListener('controllerchange', reportStart)
    await this.#register(container)
  }

  async #register(container: ServiceWorkerContainer): Promise<void> {
    try {
      // Extensions that forbid it answer with nothing.
      const registration = (await container.register(WORKER_FILE)) as ServiceWorkerRegistration | undefined
      if (!registration) throw new Error('The browser registered no service worker.')
      this.#registration = registration
      registration.addEventListener('updatefound', () => void this.#follow())
      await this.#follow()
    } catch (error) {
      console.warn(error)
      this.#offline = { kind: 'failed', failure: null }
    }
  }

  /** Asks the site's host whether there is something newer. */
  async check(): Promise<'newer' | 'newest' | 'unreachable'> {
    const { container } = this.#ports
    // Browsers forget a registration whose first installation failed.
    if (typeof container !== 'string' && !hasWorker(this.#registration)) await this.#register(container)
    try {
      await this.#registration?.update()
    } catch {
      return 'unreachable'
    }
    await this.#follow()
    return this.#update.kind === 'none' ? 'newest' : 'newer'
  }

  /** Takes the newer build, when no tab is at work any more; then all tabs reload. */
  async take(): Promise<void> {
    const { update } = this
    if (update.kind !== 'ready' && update.kind !== 'did-not-start') return
    this.#wait = new AbortController()
    this.#update = { kind: 'waiting', build: update.build }
    try {
      await this.#ports.work.whenAllRest(async () => {
        const newest = this.#registration?.waiting ?? this.#registration?.active
        if (newest) post(newest, { kind: 'take' })
        await Promise.resolve()
      }, this.#wait.signal)
    } catch {
      this.#update = { kind: 'ready', build: update.build }
    }
  }

  /** The user does not want to wait any longer. */
  leave(): void {
    this.#wait?.abort()
  }

  #hear(news: SiteNews): void {
    // Another tab may have taken the build between two pieces of work of this one.
    if (news.kind === 'taken') void this.#ports.work.rest().then(() => this.#ports.reload())
    else if (news.kind === 'failed') this.#lastFailure = news.failure
    else if (this.#offline.kind === 'ready') this.#update = { ...news, kind: 'preparing' }
    else this.#offline = { ...news, kind: 'preparing' }
  }

  /** Waits for an installation under way and finds out what there is then. */
  async #follow(): Promise<void> {
    const registration = this.#registration
    if (!registration) return
    await this.#look(registration)
    const { installing } = registration
    if (!installing) return
    this.#lastFailure = null
    const failed = !(await installed(installing))
    await this.#look(registration)
    if (!failed) return
    const failure = this.#lastFailure
    if (this.#offline.kind === 'ready') this.#update = { kind: 'failed', failure }
    else this.#offline = { kind: 'failed', failure }
  }

  async #look({ active, waiting }: ServiceWorkerRegistration): Promise<void> {
    const newest = waiting ?? active
    let status = newest && (await askStatus(newest))
    // Somebody has removed the files, e.g. in the browser's tools.
    if (newest && status && !status.served) status = await askRepair(newest)
    if (!status) return
    if (!status.served) {
      this.#offline = { kind: 'failed', failure: this.#lastFailure }
      return
    }
    this.#offline = { kind: 'ready', build: status.served }
    if (status.own.id === status.served.id) this.#update = { kind: 'none' }
    else if (this.#update.kind === 'waiting') return
    else if (status.own.id === status.failed) this.#update = { kind: 'did-not-start', build: status.own }
    else this.#offer(status.own)
  }

  #offer(build: BuildSummary): void {
    this.#update = { kind: 'ready', build }
    if (this.#offered === build.id) return
    this.#offered = build.id
    this.#ports.offer()
  }
}

function hasWorker(registration: ServiceWorkerRegistration | undefined): boolean {
  return Boolean(registration && (registration.installing ?? registration.waiting ?? registration.active))
}
