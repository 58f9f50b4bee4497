import type { Json } from "../../formats/json.ts";
import { readOnly } from "../../formats/read-only.ts";

/** The read-only views of values: one per value, shared by all sessions that have it. */
export class ReadOnlyViews {
  readonly #views = new WeakMap<object, Json>();

  of<Value extends Json | undefined>(value: Value): Value {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#views.get(value);
    if (known !== undefined) return known as Value;
    const view = readOnly(value);
    this.#views.set(value, view);
    return view as Value;
  }
}
