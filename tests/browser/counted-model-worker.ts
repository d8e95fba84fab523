import './counted-fetch'
import '../../src/worker/models'
