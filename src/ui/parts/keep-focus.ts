/** A place on the page that does not go with the element that has the focus there. */
export interface FocusPlaces<Place> {
  /** Where an element is that has got the focus. `isKeyboard`: its focus shows. */
  placeOf: (element: HTMLElement, isKeyboard: boolean) => Place
  /** What takes the focus when that element is gone or cannot be pressed any more; null: nothing. */
  successorOf: (place: Place) => HTMLElement | null | undefined
}

/**
 * Keeps the keyboard's place in an element: without it the focus falls to the whole page when what has it is taken away
 * or disabled. Until the next key, the focus goes on to what takes that place later.
 */
export function keepFocus<Place>({ placeOf, successorOf }: FocusPlaces<Place>) {
  return (root: HTMLElement): (() => void) => {
    let last: { element: HTMLElement; place: Place } | null = null
    /** The focus was put here by `move`, not by the user. */
    let isMoved = false
    let isMoving = false

    function remember({ target }: FocusEvent) {
      if (isMoving || !(target instanceof HTMLElement)) return
      last = { element: target, place: placeOf(target, target.matches(':focus-visible')) }
      isMoved = false
    }

    function recover() {
      if (!last) return
      const { element } = last
      const { activeElement } = document
      const isGone = !element.isConnected || element.matches(':disabled')
      const isLost = isGone && (activeElement === document.body || activeElement === element)
      if (isLost || (isMoved && activeElement === element)) move(last.place, element)
    }

    function move(place: Place, from: HTMLElement) {
      const successor = successorOf(place)
      if (!successor || successor === from) return
      isMoving = true
      successor.focus({ preventScroll: true })
      isMoving = false
      if (document.activeElement !== successor) return
      last = { element: successor, place }
      isMoved = true
      successor.scrollIntoView({ block: 'nearest' })
    }

    /** Who presses elsewhere has left the place. */
    const forget = () => (last = null)
    const stay = () => (isMoved = false)

    const observer = new MutationObserver(recover)
    observer.observe(root, { subtree: true, childList: true, attributeFilter: ['disabled'] })
    root.addEventListener('focusin', remember)
    document.addEventListener('keydown', stay, true)
    document.addEventListener('pointerdown', forget, true)
    return () => {
      observer.disconnect()
      root.removeEventListener('focusin', remember)
      document.removeEventListener('keydown', stay, true)
      document.removeEventListener('pointerdown', forget, true)
    }
  }
}
