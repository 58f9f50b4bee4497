import { isSessionError, type Session, type SessionManager } from "sessionwire";
import type { VirtualClock } from "../../virtual-clock.ts";
import { holds, type Step } from "../contract.ts";
import { attributesAt, type Code, type Content, find, type Held, type Model, shownBy } from "./model.ts";

/** Two processes on one store, and the model of their expected state. */
export interface Run {
  readonly model: Model;
  readonly managers: readonly [SessionManager, SessionManager];
  readonly clock: VirtualClock;
}

/**
 * Returns a step after which each session object must match the model. A difference breaks this law, unless it concerns
 * another one.
 */
export function step(words: string, law: number, take: (run: Run) => Promise<void>): Step<Run> {
  return {
    words,
    async take(run) {
      await take(run);
      for (const held of run.model.held) compare(run.model, held, law);
    },
  };
}

/**
 * Returns the last item for 0, the one before for 1, and so on, because the most recent one is the most interesting.
 */
export function latest<Item>(items: readonly Item[], place: number): Item | undefined {
  return items[items.length - 1 - (place % Math.max(1, items.length))];
}

/** Resolves to the value that a call resolves to, or to the code of its `SessionError`. */
export async function settle<T>(run: () => Promise<T>): Promise<{ readonly value?: T; readonly code?: string }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!isSessionError(error)) throw error;
    return { code: error.code };
  }
}

/** Compares the actual code with the one of the model. */
export function expectCode(words: string, code: string | undefined, expected: Code): void {
  const law = expected === "gone" ? 92 : expected === "read-only" || code === "read-only" ? 96 : 94;
  holds(law, code === expected, `${words} rejects with code ${code}, not ${expected}`);
}

/** Checks the session found under every id. */
export async function examine({ model, managers: [sessions] }: Run): Promise<void> {
  for (const id of model.ids) {
    const session = await sessions.open(id, { keepAlive: false });
    const found = find(model, id);
    holds(
      found ? 94 : 92,
      (session === undefined) === (found === undefined),
      `A session ${found ? "is gone" : "exists although it has ended"}`,
    );
    if (session && found) compareContent(model, contentOf(session), found.stored, 85);
  }
}

function compare(model: Model, held: Held, law: number): void {
  const { session } = held;
  compareContent(model, contentOf(session), shownBy(held), law);
  holds(law, session.isNew === held.isNew, `A session is ${held.isNew ? "not new" : "new"}`);
  holds(83, session.isChanged === held.log.length > 0, `A session says isChanged: ${session.isChanged}`);
  holds(92, session.hasEnded === held.hasEnded, `A session says hasEnded: ${session.hasEnded}`);
  holds(96, session.isReadOnly === (held.until !== undefined), `A session says isReadOnly: ${session.isReadOnly}`);
  holds(96, model.ids.includes(session.id), "A session has an id that it was not given");
}

function compareContent({ now }: Model, found: Content, expected: Content, law: number): void {
  for (const [name, end] of expected.ends) {
    holds(143, end > now || !found.attributes.has(name), `A session shows the attribute ${name} after its end`);
  }
  const attributes = [found, expected].map((content) => JSON.stringify(attributesAt(now, content).sort()));
  holds(law, attributes[0] === attributes[1], `A session shows the attributes ${attributes[0]}, not ${attributes[1]}`);
  const messages = [found, expected].map((content) => JSON.stringify(content.messages.map(({ value }) => value)));
  holds(95, messages[0] === messages[1], `A session shows the messages ${messages[0]}, not ${messages[1]}`);
}

function contentOf(session: Session): Content {
  return {
    attributes: new Map(session.names().map((name) => [name, session.get(name) as number])), // as the steps set it
    ends: new Map(),
    messages: session.flash.peek("message").map((value) => ({ id: value, value: value as string })),
  };
}
