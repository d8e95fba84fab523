/** Entry of the model worker: downloads, imports, verifies, exports and deletes stored models. */
import { serveModels } from './models/serve'

serveModels()
