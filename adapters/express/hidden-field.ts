/** A value that belongs to an object of somebody else, and that nobody else sees. */
export interface HiddenField<Value> {
  get(object: object): Value | undefined;
  set(object: object, value: Value): void;
}

/**
 * Does what a `WeakMap` does, by a private field that is put on the object: with a request each, the collector would spend more time
 * on the entries of a `WeakMap` than the rest of the store takes.
 */
export function createHiddenField<Value>(): HiddenField<Value> {
  /** An engine may refuse to put a private field on them. */
  const ofFrozen = new WeakMap<object, Value>();

  class Owner extends Given {
    #value: Value;

    constructor(object: object, value: Value) {
      super(object);
      this.#value = value;
    }

    static get(object: object): Value | undefined {
      return #value in object ? object.#value : undefined;
    }

    static set(object: object, value: Value): void {
      if (#value in object) object.#value = value;
      else new Owner(object, value);
    }
  }

  return {
    get: (object) => Owner.get(object) ?? ofFrozen.get(object),
    set(object, value) {
      if (Object.isExtensible(object)) Owner.set(object, value);
      else ofFrozen.set(object, value);
    },
  };
}

/** Constructs what it is given, on which the fields of a class that extends it are put. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what it is for
    return object;
  }
}
