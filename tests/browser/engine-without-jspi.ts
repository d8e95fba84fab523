import './without-jspi'
import '../../src/worker/engine'
