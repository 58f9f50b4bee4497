const instance: unique symbol = Symbol("instance");

/**
 * An object that may be wrapped, by a `Proxy` or by an object that inherits from it. Private members belong to the
 * instance alone, but methods are called on the wrapper, so they look up the instance here.
 */
export abstract class Wrappable {
  constructor() {
    // A function, so that a wrapper that wraps everything it returns still gives the instance itself.
    Object.defineProperty(this, instance, { value: () => this });
  }
}

/**
 * Makes the methods and getters of a class of {@link Wrappable} objects run on the instance, whatever they are called
 * on. `promising` names the methods that return a promise without being `async`. It is called once, before the first
 * object of the class is made, and not in its definition: bundlers cannot leave out a class whose definition has
 * effects, nor anything that it uses.
 */
export function runOnInstance({ prototype }: { readonly prototype: object }, promising: readonly string[] = []): void {
  const AsyncFunction = (async () => {}).constructor;
  for (const name of Reflect.ownKeys(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (name === "constructor" || descriptor === undefined) continue;
    const { value, get } = descriptor;
    if (typeof value === "function")
      descriptor.value = method(name, value, value instanceof AsyncFunction || promising.includes(String(name)));
    if (get) descriptor.get = getter(get);
    Object.defineProperty(prototype, name, descriptor);
  }
}

/** Whatever a method is called on: a {@link Wrappable} object, its wrapper, or something else. */
type Wrapped = { readonly [instance]?: () => object } | null | undefined;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Wraps a method. A method that returns a promise always does, even on failure. */
function method(name: string | symbol, own: Method, isPromising: boolean): Method {
  const methods: Record<string | symbol, Method> = {
    [name](...args: unknown[]) {
      const found = (this as Wrapped)?.[instance]?.();
      if (found) return own.apply(found, args);
      if (isPromising) return Promise.reject(strangerError(name));
      throw strangerError(name);
    },
  };
  return methods[name] as Method; // it was defined above
}

function getter(own: () => unknown): () => unknown {
  return function get(this: unknown) {
    const found = (this as Wrapped)?.[instance]?.();
    if (found) return own.call(found);
    throw strangerError("a getter");
  };
}

function strangerError(name: string | symbol): TypeError {
  return new TypeError(`${String(name)} was called apart from its object: call it as a method.`);
}
