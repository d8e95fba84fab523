/**
 * The Somnus formulary: 24 invented drugs with invented properties. No drug of it exists and no property of
 * it means anything outside this folder, so nobody can mistake what the built-in model says for medicine.
 */
import { Random } from './random'

/** A word in both languages. */
export interface Term {
  en: string
  zh: string
}

const term = (en: string, zh: string): Term => ({ en, zh })

export const NAMES: readonly Term[] = [
  term('zorane', '佐兰烷'),
  term('mirvane', '米尔烷'),
  term('keldane', '凯丹烷'),
  term('brivane', '布里烷'),
  term('sulvane', '苏瓦烷'),
  term('tolmane', '托曼烷'),
  term('quorine', '阔瑞碱'),
  term('pelmine', '佩明碱'),
  term('dravine', '德拉碱'),
  term('folmine', '福尔碱'),
  term('nestrine', '奈斯碱'),
  term('varquine', '瓦昆碱'),
  term('orvidol', '奥维醇'),
  term('besterol', '贝斯醇'),
  term('lantrol', '兰托醇'),
  term('krevol', '克雷醇'),
  term('yunidol', '尤诺醇'),
  term('zimbrol', '津布醇'),
  term('fenlam', '芬拉胺'),
  term('ostram', '欧斯胺'),
  term('pirlam', '皮尔胺'),
  term('delvam', '戴夫胺'),
  term('cortram', '科塔胺'),
  term('ruvam', '鲁沃胺'),
]

export const CLASSES: readonly Term[] = [
  term('opioid', '阿片类'),
  term('sedative', '镇静类'),
  term('volatile', '吸入类'),
  term('relaxant', '肌松类'),
  term('pressor', '升压类'),
  term('steroid', '激素类'),
]

export const ROUTES: readonly Term[] = [
  term('oral', '口服'),
  term('nasal', '鼻用'),
  term('rectal', '直肠'),
  term('venous', '静脉'),
  term('spinal', '椎管'),
  term('dermal', '经皮'),
]

export const ORGANS: readonly Term[] = [
  term('liver', '肝脏'),
  term('kidney', '肾脏'),
  term('lung', '肺部'),
  term('plasma', '血浆'),
  term('gut', '肠道'),
  term('muscle', '肌肉'),
]

export interface Drug {
  name: Term
  drugClass: Term
  route: Term
  organ: Term
  /** Minutes, 1 to 8. */
  onset: number
  /** Milligrams per kilogram, 2 to 9. */
  dose: number
}

// One seed, fixed for good: the facts are part of the benchmark.
const FACT_SEED = 20261

/** Every value used equally often, so that no guess beats chance. */
function spread<Value>(values: readonly Value[], random: Random): Value[] {
  return random.shuffle(NAMES.map((_, index) => values[index % values.length] as Value))
}

function makeFormulary(): readonly Drug[] {
  const random = new Random(FACT_SEED)
  const classes = spread(CLASSES, random)
  const routes = spread(ROUTES, random)
  const organs = spread(ORGANS, random)
  const onsets = spread([1, 2, 3, 4, 5, 6, 7, 8], random)
  const doses = spread([2, 3, 4, 5, 6, 7, 8, 9], random)
  return NAMES.map((name, index) => ({
    name,
    drugClass: classes[index] as Term,
    route: routes[index] as Term,
    organ: organs[index] as Term,
    onset: onsets[index] as number,
    dose: doses[index] as number,
  }))
}

export const FORMULARY = makeFormulary()
