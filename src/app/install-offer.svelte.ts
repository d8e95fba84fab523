/** Chromium's offer to install the site as an app; other browsers have it in their own menus. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>
}

export class InstallOffer {
  #prompt = $state.raw<InstallPrompt | null>(null)

  /** To be made early: the browser makes its offer once. */
  constructor(window: Window) {
    window.addEventListener('beforeinstallprompt', (event) => {
      // Shown where the user looks for it, not over the page.
      event.preventDefault()
      this.#prompt = event as InstallPrompt
    })
    window.addEventListener('appinstalled', () => (this.#prompt = null))
  }

  get possible(): boolean {
    return this.#prompt !== null
  }

  async install(): Promise<void> {
    const prompt = this.#prompt
    // It can be used once; the browser makes a new one if it wants to.
    this.#prompt = null
    await prompt?.prompt()
  }
}
