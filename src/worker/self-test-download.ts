/** Entry of the self-test worker that has the policy of the workers that download (see core/privacy/policy). */
import { serveSelfTest } from './self-test/serve'

serveSelfTest()
