import fc from "fast-check";

type Steps = readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<string> }[];

const saves: Steps = [
  { weight: 6, arbitrary: fc.constant("save") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("begin to save", "save and abort soon", "save until it is known", "save twice at once"),
  },
  { weight: 1, arbitrary: fc.constantFrom("discard", "refresh", "open again") },
];
const attributes: Steps = [
  { weight: 4, arbitrary: fc.constantFrom("set own", "set own", "set shared") },
  { weight: 2, arbitrary: fc.constantFrom("delete own", "delete shared") },
];
const functions: Steps = [
  { weight: 6, arbitrary: fc.constantFrom("append", "append unless somebody was faster") },
  { weight: 4, arbitrary: fc.constantFrom("update", "update", "update and abort soon", "update in vain") },
  { weight: 1, arbitrary: fc.constant("update so often that no token is left") },
  { weight: 1, arbitrary: fc.constantFrom("update nothing", "change nothing by a function") },
];
const messages: Steps = [{ weight: 6, arbitrary: fc.constantFrom("add", "add", "take") }];
const moves: Steps = [
  { weight: 3, arbitrary: fc.constantFrom("regenerate", "regenerate", "regenerate and abort soon", "touch") },
];
const graces: Steps = [{ weight: 1, arbitrary: fc.constantFrom("regenerate with grace", "open by the first id") }];
const ends: Steps = [
  { weight: 1, arbitrary: fc.constantFrom("destroy", "destroy by id", "destroy by id and abort soon", "invalidate") },
];
/** Actions that apply as long as the creation may be under way. */
const earlyEnds: Steps = [{ weight: 3, arbitrary: fc.constant("save and destroy") }];

const vocabularies = {
  attributes: [...saves, ...attributes],
  functions: [...saves, ...functions],
  messages: [...saves, ...messages],
  moves: [...saves, ...attributes, ...functions, ...messages, ...moves],
  graces: [...saves, ...attributes, ...functions, ...moves, ...graces, ...ends],
  ends: [...saves, ...attributes, ...functions, ...messages, ...moves, ...ends],
  creations: [...saves, ...attributes, ...functions, ...messages],
} satisfies Record<string, Steps>;

/**
 * The actions of the clients of a session; `graces` applies if the format supports forwards.
 *
 * @public
 */
export type SessionVocabulary = "attributes" | "functions" | "messages" | "moves" | "graces" | "ends" | "creations";

/**
 * The beginning of a session: it is already stored; or each client creates one; or all create one under the same id, if
 * the format accepts chosen ids.
 *
 * @public
 */
export type SessionBeginning = "stored" | "created" | "created together";

/**
 * Generates the steps of a client. A session that may yet be created is also ended; one that several clients create
 * together is not.
 */
export function stepsOf(vocabulary: SessionVocabulary, beginning: SessionBeginning): fc.Arbitrary<string> {
  const ending = beginning === "created" ? [...earlyEnds, ...ends, ...moves] : [];
  return fc.oneof(...([...vocabularies[vocabulary], ...ending] as [Steps[number], ...Steps])); // the list is not empty
}
