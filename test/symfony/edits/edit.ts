import fc from "fast-check";
import type { SessionDraft } from "sessionwire";
import { type PhpValue, php } from "sessionwire/symfony";

/** A change of one attribute or of the messages of one type. The numbers choose among the names that are there. */
export type Edit =
  | { readonly kind: "set"; readonly at: number; readonly value: fc.JsonValue }
  | { readonly kind: "set a value of PHP"; readonly at: number; readonly type: PhpType; readonly value: number }
  | { readonly kind: "change a member"; readonly at: number; readonly member: number; readonly value: fc.JsonValue }
  | { readonly kind: "delete"; readonly at: number }
  | { readonly kind: "copy"; readonly from: number; readonly to: number }
  | { readonly kind: "add a message"; readonly at: number; readonly value: fc.JsonValue }
  | { readonly kind: "copy to a message"; readonly from: number; readonly at: number }
  | { readonly kind: "take messages"; readonly at: number };

/** The types that JSON lacks. */
const phpValues = {
  float: (value: number) => php.float(value),
  int: (value: number) => php.int(BigInt(value) << 40n),
  bytes: (value: number) => php.bytes(Uint8Array.of(0xff, value % 256, 0)),
  list: (value: number) => php.list([value, php.float(value)]),
  map: (value: number) =>
    php.map([
      [`${value}`, value],
      ["name", null],
    ]),
} satisfies Record<string, (value: number) => PhpValue>;
type PhpType = keyof typeof phpValues;

const types = fc.constantFrom(...(Object.keys(phpValues) as PhpType[])); // as `keyof` says
const place = fc.nat(50);
const value = fc.jsonValue({ maxDepth: 2 });

export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("set" as const), at: place, value }),
    fc.record({ kind: fc.constant("set a value of PHP" as const), at: place, type: types, value: fc.nat(1000) }),
    fc.record({ kind: fc.constant("change a member" as const), at: place, member: place, value }),
    fc.record({ kind: fc.constant("delete" as const), at: place }),
    fc.record({ kind: fc.constant("copy" as const), from: place, to: place }),
    fc.record({ kind: fc.constant("add a message" as const), at: place, value }),
    fc.record({ kind: fc.constant("copy to a message" as const), from: place, at: place }),
    fc.record({ kind: fc.constant("take messages" as const), at: place }),
  ),
  { minLength: 1, maxLength: 4 },
);

/** The names that were edited. */
export interface Edited {
  readonly attributes: Set<string>;
  readonly flashes: Set<string>;
  /** `true` if a value was copied, perhaps with an object in it. */
  readonly hasCopies: boolean;
}

/** Makes the changes, and returns the names that they concern. */
export function applyEdits(draft: SessionDraft, all: readonly Edit[]): Edited {
  const hasCopies = all.some(({ kind }) => kind.startsWith("copy"));
  const edited: Edited = { attributes: new Set(), flashes: new Set(), hasCopies };
  for (const edit of all) applyEdit(draft, edit, edited);
  return edited;
}

const newNames = ["chat.n", "42", "ключ 🦊", "a|b!c", "__proto__", "chat.name.2"];
const newTypes = ["notice", "7"];

function applyEdit(draft: SessionDraft, edit: Edit, { attributes, flashes }: Edited): unknown {
  const old = draft.names().filter((name) => !name.startsWith("_")); // not those of Symfony itself
  const names = [...old, ...newNames];
  const flashTypes = [...draft.flash.types(), ...newTypes];
  switch (edit.kind) {
    case "set":
      return draft.set(touch(names, edit.at), edit.value);
    case "set a value of PHP":
      return draft.set(touch(names, edit.at), phpValues[edit.type](edit.value));
    case "change a member":
      return changeMember(draft, touch(old.length > 0 ? old : names, edit.at), edit);
    case "delete":
      return draft.delete(touch(names, edit.at));
    case "copy":
      return copy(draft, pick(names, edit.from), touch(names, edit.to));
    case "add a message":
      return draft.flash.add(touchType(edit.at), edit.value);
    case "copy to a message":
      return draft.flash.add(touchType(edit.at), draft.get(pick(names, edit.from)) ?? null);
    case "take messages":
      return draft.flash.take(touchType(edit.at));
  }

  function touch(among: readonly string[], at: number): string {
    const name = pick(among, at);
    attributes.add(name);
    return name;
  }

  function touchType(at: number): string {
    const type = pick(flashTypes, at);
    flashes.add(type);
    return type;
  }
}

/** Leaves what is not plain data alone. */
function changeMember(draft: SessionDraft, name: string, { member, value }: Edit & { kind: "change a member" }): void {
  const content: unknown = draft.get(name);
  if (Array.isArray(content))
    draft.set(name, content.length === 0 ? [value] : content.with(member % content.length, value));
  else if (isPlain(content)) draft.set(name, { ...content, [pick([...Object.keys(content), "new"], member)]: value });
  else draft.set(name, value);
}

function copy(draft: SessionDraft, from: string, to: string): void {
  const content = draft.get(from);
  if (content !== undefined) draft.set(to, content);
}

function isPlain(content: unknown): content is object {
  return typeof content === "object" && content !== null && Object.getPrototypeOf(content) === Object.prototype;
}

function pick(among: readonly string[], at: number): string {
  return among[at % among.length] ?? "";
}
