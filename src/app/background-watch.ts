/** Whether the page was in the background at any time since it was last asked, and whether it is now. */
export function watchBackground(page: Pick<Document, 'visibilityState' | 'addEventListener'>): () => boolean {
  const isHidden = () => page.visibilityState === 'hidden'
  let seen = isHidden()
  // A short look at another tab lies between two tokens of a slow model, so it must be noted when it happens.
  page.addEventListener('visibilitychange', () => (seen ||= isHidden()))
  return () => {
    const was = seen || isHidden()
    seen = isHidden()
    return was
  }
}
