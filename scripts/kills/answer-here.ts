import type { Stores } from '#app/stores'
import type { RunRequest } from '#core/run/plan'

/** A run of the built-in model over the built-in dataset. */
export type RequestHere = Omit<RunRequest, 'model' | 'dataset'>

/** In the page: goes on with the unfinished run or starts one, and tells each answer and reply that the store believes in. */
export async function answerHere({ told, request }: { told: string; request: RequestHere }): Promise<void> {
  const { runs, datasets, models } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
  setInterval(() => {
    for (const { id, answered, sampled = 0 } of runs.summaries) {
      console.info(`${told}${id} ${answered} ${sampled}`)
    }
  }, 5)
  const [unfinished] = runs.unfinished
  if (unfinished) {
    void runs.resume(unfinished.id)
    return
  }
  const dataset = await datasets.installBuiltIn()
  if (!dataset.ok) throw new Error(dataset.failure.kind)
  const { id, name, availability } = models.builtIn
  const variant = 'variants' in availability ? availability.variants[0] : undefined
  if (!variant) throw new Error('The built-in model has no variant')
  const model = { recordId: id, variantId: variant.id, name, quantization: variant.quantization }
  void runs.start({ ...request, model, dataset: dataset.value })
}
