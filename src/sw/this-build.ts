import type { SiteBuild } from '#core/site/build'

/** The build that this service worker belongs to; `scripts/site-build.ts` puts it in place of the name. */
export const THIS_BUILD = JSON.parse('__SITE_BUILD__') as SiteBuild
