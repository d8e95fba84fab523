/** Shows a dialog over the page. The function that it gives closes it, and takes the focus back to where it was. */
export function showModal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement
  dialog.showModal()
  return () => {
    if (dialog.isConnected) dialog.close()
    // One that is gone from the page does not give the focus back itself.
    else if (document.activeElement === document.body && before instanceof HTMLElement) before.focus()
  }
}
