/** A value attached to an object that belongs to someone else, invisible to everyone else. */
export interface HiddenField<Value> {
  get(object: object): Value | undefined;
  set(object: object, value: Value): void;
}

/**
 * Does the job of a `WeakMap` with a private field that is added to the object: with one object per request, the
 * garbage collector would spend more time on the entries of a `WeakMap` than the rest of the store takes.
 */
export function createHiddenField<Value>(): HiddenField<Value> {
  /** Holds the values of frozen objects, to which an engine may refuse to add private fields. */
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

/**
 * A base class that returns the object it is given, so that a class that extends it adds its private fields to that
 * object.
 */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: returning another object is the purpose of this class
    return object;
  }
}
