/** Entry of the self-test worker that has the engine's policy. */
import { serveSelfTest } from './self-test/serve'

serveSelfTest()
