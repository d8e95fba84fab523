/** Before the tests of a file: both languages, which the app fetches one at a time. */
import { loadMessages } from '#i18n/locale.svelte'

await Promise.all([loadMessages('en'), loadMessages('zh')])
