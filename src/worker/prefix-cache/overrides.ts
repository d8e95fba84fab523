/** Methods of one object in place of those that it has, until they are taken away again. */
export class Overrides<Target extends object, Name extends keyof Target> {
  readonly #target: Target
  readonly #methods: Pick<Target, Name>
  #found: Map<Name, PropertyDescriptor | undefined> | undefined
  #stock: Pick<Target, Name> | undefined

  constructor(target: Target, methods: Pick<Target, Name>) {
    this.#target = target
    this.#methods = methods
  }

  /** What the object did before. */
  get stock(): Pick<Target, Name> {
    return this.#stock ?? this.#target
  }

  install(): void {
    if (this.#found) return
    const names = Object.keys(this.#methods) as Name[]
    this.#found = new Map(names.map((name) => [name, Object.getOwnPropertyDescriptor(this.#target, name)]))
    this.#stock = Object.fromEntries(names.map((name) => [name, this.#target[name]])) as Pick<Target, Name>
    Object.assign(this.#target, this.#methods)
  }

  uninstall(): void {
    for (const [name, descriptor] of this.#found ?? []) {
      if (descriptor) Object.defineProperty(this.#target, name, descriptor)
      else Reflect.deleteProperty(this.#target, name)
    }
    this.#found = undefined
    this.#stock = undefined
  }
}
