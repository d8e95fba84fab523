/**
 * Trusted Types: the page's policy (core/privacy/policy) lets nothing start as a worker unless it passed here. HTML
 * and script from text have no such gate: they are refused.
 */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL: (url: string) => string }): unknown
}

/** Known to the self-test by its name. */
export class ForeignScript extends TypeError {
  override readonly name = 'ForeignScript'
}

/** To be called once, before the first worker starts. Browsers without Trusted Types have nothing to be told. */
export function allowOwnScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      if (isOwnScript(url, location.href)) return url
      throw new ForeignScript(`${url} is no script of this site`)
    },
  })
}

/** Whether an address is of the page's own origin, or of a blob that it made. */
export function isOwnScript(url: string, page: string): boolean {
  return URL.canParse(url, page) && new URL(url, page).origin === new URL(page).origin
}
