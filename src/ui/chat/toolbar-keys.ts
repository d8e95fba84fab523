/** A toolbar is one stop of the Tab key; arrows go through its buttons. */
export function toolbarKeys(toolbar: HTMLElement): () => void {
  const buttons = () => [...toolbar.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')]

  /** One button takes Tab: the one in use, or the first that can be pressed. */
  function settle() {
    const all = buttons()
    const focused = all.find((button) => button === document.activeElement) ?? all[0]
    for (const button of all) button.tabIndex = button === focused ? 0 : -1
  }

  function keydown(event: KeyboardEvent) {
    const all = buttons()
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    const wanted =
      { Home: 0, End: all.length - 1 }[event.key] ?? (step ? (at + step + all.length) % all.length : null)
    if (at < 0 || wanted === null) return
    event.preventDefault()
    all[wanted]?.focus()
    settle()
  }

  settle()
  // What can be pressed changes while a reply is written.
  const observer = new MutationObserver(settle)
  observer.observe(toolbar, { subtree: true, childList: true, attributeFilter: ['disabled'] })
  toolbar.addEventListener('keydown', keydown)
  toolbar.addEventListener('focusin', settle)
  return () => {
    observer.disconnect()
    toolbar.removeEventListener('keydown', keydown)
    toolbar.removeEventListener('focusin', settle)
  }
}
