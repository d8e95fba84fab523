/** Lets the browser keep the site for offline use, once the page is there. */
import { PAGE_LOCK } from '#core/site/messages'

const entry = document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? ''

if ('serviceWorker' in navigator) {
  void navigator.locks.request(PAGE_LOCK + entry, { mode: 'shared' }, () => new Promise(() => undefined))
  await navigator.serviceWorker.register(new URL('sw.js', document.baseURI))
  navigator.serviceWorker.controller?.postMessage({ kind: 'started', entry })
}
