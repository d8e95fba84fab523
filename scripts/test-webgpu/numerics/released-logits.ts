/** The logits that an answer was made of, whichever way they came about: what the sampler of WebLLM is given first. */

interface Tensor {
  toArray(): ArrayLike<number>
}

interface Methods {
  sampleTokenFromLogits(this: Pipeline, logits: Tensor, ...rest: unknown[]): Promise<number>
  updateLogitsOnCPU(this: Pipeline, logits: Tensor): Tensor
}

interface Pipeline extends Methods {
  tvm: { beginScope(): void; endScope(): void }
  device: { sync(): Promise<void> }
}

export interface LogitWatch {
  /** Before each request. */
  arm(): void
  /** The whole vocabulary's logits after the prompt; undefined where no token was taken from any. */
  take(): Float32Array | undefined
}

/** Watches the sampling of a loaded pipeline; the instance's own method, since nothing else of it is of interest. */
export function watchReleasedLogits(loaded: object): LogitWatch {
  const pipeline = loaded as Pipeline
  const sample = pipeline.sampleTokenFromLogits.bind(pipeline)
  let isArmed = false
  let released: Float32Array | undefined
  pipeline.sampleTokenFromLogits = async function (logits, ...rest) {
    if (isArmed) {
      isArmed = false
      pipeline.tvm.beginScope()
      const copy = pipeline.updateLogitsOnCPU(logits)
      pipeline.tvm.endScope()
      await pipeline.device.sync()
      released = Float32Array.from(copy.toArray())
    }
    return await sample(logits, ...rest)
  }
  return {
    arm() {
      isArmed = true
      released = undefined
    },
    take: () => released,
  }
}
