/** What tabs tell each other about the workspace as a whole. */

const CHANNEL = 'somnus-workspace'

/** `changed`: other records lie in the database. `erasing`: everything goes, so let go of it. */
export type WorkspaceNews = 'changed' | 'erasing'

export class WorkspaceTabs {
  readonly #channel = new BroadcastChannel(CHANNEL)

  tell(news: WorkspaceNews): void {
    this.#channel.postMessage(news)
  }

  hear(listener: (news: WorkspaceNews) => void): void {
    this.#channel.onmessage = ({ data }: MessageEvent<WorkspaceNews>) => listener(data)
  }

  close(): void {
    this.#channel.close()
  }
}
