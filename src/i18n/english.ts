/** All English messages at once, for programs that read or drive the interface. */
import { en } from './en'
import { enPages } from './en-pages'

export const english = { ...en, ...enPages }
