import { readFileSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { runnerImport, type Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import packageJson from './package.json' with { type: 'json' }
import { appVersion, wasmSha256 } from './scripts/app-version.ts'
import { chromiumArgs, findChromium } from './scripts/chromium.mjs'
import { licencePlugins } from './scripts/licences/plugin.ts'
import { siteBuild } from './scripts/site-build.ts'
import {
  DOWNLOAD_FOLDER,
  DOWNLOAD_WORKERS,
  headersFile,
  headersOf,
  isolationHeaders,
  metaPolicy,
  siteHeaders,
} from './src/core/privacy/policy.ts'

const CHARSET = '<meta charset="utf-8" />'

/**
 * Sends each file of the built site its policy, and writes all headers to `_headers` for hosts that read it and for
 * the small server that lies in the folder too, so that it can be carried anywhere.
 */
function hostHeaders(): Plugin {
  return {
    name: 'somnus-host-headers',
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost')
        const path = pathname.slice(server.config.base.startsWith('/') ? server.config.base.length : 1)
        for (const [name, value] of Object.entries(headersOf(path, 'any-host')))
          response.setHeader(name, value)
        next()
      })
    },
    transformIndexHtml: {
      order: 'pre',
      // After the charset, which has to come early, and before all that it is about.
      handler: (html, { server }) =>
        server
          ? html
          : html.replace(
              CHARSET,
              `${CHARSET}\n    <meta http-equiv="Content-Security-Policy" content="${metaPolicy()}" />`,
            ),
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() })
      this.emitFile({ type: 'asset', fileName: 'serve.mjs', source: readFileSync('scripts/serve.mjs') })
    },
  }
}

/** Refuses to build with a faulty models.json or a built-in model other than the one it describes. */
function soundCatalog(): Plugin {
  return {
    name: 'somnus-sound-catalog',
    apply: 'build',
    async buildStart() {
      const { module } = await runnerImport<typeof import('./scripts/catalog-file')>(
        './scripts/catalog-file.ts',
        { configFile: false },
      )
      const problems = await module.catalogProblems()
      if (problems.length > 0) {
        this.error(problems.map(({ path, message }) => `models.json ${path}: ${message}`).join('\n'))
      }
    },
  }
}

const browserPath = process.env.VITEST ? findChromium() : undefined

/** What is waited for comes within tenths of a second; a machine that does much else may take this long. */
const PATIENCE = { poll: { timeout: 20_000 } }

const version = appVersion(packageJson.version)
const licences = licencePlugins({ root: import.meta.dirname, version })

export default defineConfig({
  base: './',
  define: {
    __APP_VERSION__: JSON.stringify(version),
    __WASM_SHA256__: JSON.stringify(wasmSha256()),
  },
  plugins: [
    svelte(),
    soundCatalog(),
    hostHeaders(),
    licences.collect(),
    licences.write(),
    siteBuild(version),
  ],
  worker: {
    format: 'es',
    plugins: () => [licences.collect()],
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        entryFileNames: ({ name }) =>
          `${DOWNLOAD_WORKERS.includes(name) ? DOWNLOAD_FOLDER : 'assets'}/[name]-[hash].js`,
      },
    },
  },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Rolldown's advice to plugin authors would be the first thing that `npm start` says.
    rolldownOptions: { checks: { pluginTimings: false } },
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
  },
  // The engines are imported lazily inside the worker; scanning them up front would reload browser tests.
  optimizeDeps: {
    exclude: ['@mlc-ai/web-llm', '@wllama/wllama'],
    // Imported by pages and workers that load on demand: found late, they would reload browser tests too.
    include: [
      '@huggingface/jinja',
      'comlink',
      'd3-array',
      'dompurify',
      'hash-wasm',
      'hyparquet',
      'hyparquet-compressors',
      'idb',
      'marked',
      'papaparse',
      'temml',
      'valibot',
      'virtua/svelte',
    ],
  },
  server: { headers: isolationHeaders },
  preview: { headers: siteHeaders },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          // A process and all modules anew for each file would take as long as the tests themselves.
          isolate: false,
          setupFiles: ['tests/messages.ts', 'tests/leftovers.ts'],
          testTimeout: 30_000,
          expect: PATIENCE,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          setupFiles: ['tests/messages.ts'],
          testTimeout: 60_000,
          expect: PATIENCE,
          // By itself vitest opens one page fewer than there are cores; much of a test is waiting.
          maxWorkers: 2,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: { ...(browserPath ? { executablePath: browserPath } : {}), args: chromiumArgs },
            }),
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          expect: PATIENCE,
          // More than two browsers with real inference would wait for each other.
          maxWorkers: 2,
        },
      },
    ],
  },
})
