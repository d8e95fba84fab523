import { describe, expect, it } from 'vitest'
import { apacheConfig, nginxConfig } from '../../../scripts/host-config.mjs'
import { readHeaderRules } from '../../../scripts/serve.mjs'

const RULES = readHeaderRules(`/*
  X-A: 1
/
  X-B: "page"
/sw.js
  X-B: worker
/assets/*
  X-B: assets
`)

describe('the configuration of', () => {
  it('nginx has all headers of a file in one place', () => {
    expect(nginxConfig(RULES, '/srv/somnus/', '/some/')).toBe(`location /some/ {
  alias /srv/somnus/;
  add_header X-A "1" always;
}
location = /some/ {
  rewrite ^ /some/index.html last;
}
location = /some/sw.js {
  alias /srv/somnus/sw.js;
  add_header X-A "1" always;
  add_header X-B "worker" always;
}
location /some/assets/ {
  alias /srv/somnus/assets/;
  add_header X-A "1" always;
  add_header X-B "assets" always;
}
`)
  })

  it('Apache has each header once, to be joined', () => {
    expect(apacheConfig(RULES, '/srv/somnus', '/some/')).toBe(`Alias "/some/" "/srv/somnus/"
<LocationMatch "^/some/">
  Header always set X-A "1"
</LocationMatch>
<LocationMatch "^/some/$">
  Header always set X-B "\\"page\\""
</LocationMatch>
<LocationMatch "^/some/sw[.]js$">
  Header always set X-B "worker"
</LocationMatch>
<LocationMatch "^/some/assets/">
  Header always set X-B "assets"
</LocationMatch>
`)
  })
})
