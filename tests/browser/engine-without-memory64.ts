import './without-memory64'
import '../../src/worker/engine'
