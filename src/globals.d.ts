/** Version and commit of this build, set by Vite. */
declare const __APP_VERSION__: string
