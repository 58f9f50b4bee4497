import assert from "node:assert/strict";
import fc from "fast-check";
import { isSessionError, type Session, type SessionHandler, type SessionManager } from "sessionwire";
import { createVirtualClock, type VirtualClock } from "sessionwire/testing";
import { createFormat, type FormatName, type Parts } from "./parts.ts";
import {
  type Content,
  copy,
  destroy,
  end,
  find,
  gone,
  type Held,
  idleSeconds,
  isOver,
  keepAlive,
  lifetimeSeconds,
  live,
  type Model,
  move,
  remove,
  save,
  shown,
} from "./session-model.ts";

interface Real {
  readonly managers: readonly SessionManager[];
  readonly clock: VirtualClock;
  readonly store: SessionHandler;
}

type Command = fc.AsyncCommand<Model, Real>;

/** Any sequence of what can be done with sessions, one after the other, behaves as a few maps do. */
export function sequencesProperty(formatName: FormatName) {
  const commands = fc.commands(formatName === "native" ? [...common, ...native] : common, {
    maxCommands: 50,
    size: "max",
  });
  return (parts: Parts) =>
    fc.asyncProperty(commands, async (sequence) => {
      await fc.asyncModelRun(() => {
        const clock = createVirtualClock();
        const store = parts.createMemoryHandler({ clock });
        const limits = { idleTimeoutSeconds: idleSeconds, ...(formatName === "native" && { lifetimeSeconds }) };
        const manager = () =>
          parts.createSessionManager({
            handler: store,
            format: createFormat(parts, formatName),
            clock,
            touchEverySeconds: 0,
            ...limits,
          });
        const model: Model = { format: formatName, now: 0, stored: new Map(), held: [], ids: [] };
        return { model, real: { managers: [manager(), manager()], clock, store } };
      }, sequence);
    });
}

const places = fc.nat(5);
const names = fc.constantFrom("a", "b");
const values = fc.constantFrom("x", "y");

const common: fc.Arbitrary<Command>[] = [
  fc.nat(1).map((number) =>
    command(`create in ${number}`, async (model, { managers }) => {
      const session = await manager(managers, number).create();
      model.ids.push(session.id);
      const { id } = session;
      const fresh = { session, id, openedBy: id, until: undefined, isNew: true, hasEnded: false };
      model.held.push({ ...fresh, seen: { attributes: new Map(), messages: [] }, log: [] });
    }),
  ),
  fc.tuple(fc.nat(1), places).map(([number, place]) =>
    command(`open ${place} in ${number}`, async (model, { managers }) => {
      const id = at(model.ids, place);
      if (id === undefined) return;
      const session = await manager(managers, number).open(id);
      const found = find(model, id);
      assert.equal(session !== undefined, found !== undefined, "whether there is a session");
      if (session === undefined || found === undefined) return;
      keepAlive(model, found.stored);
      const { until, stored } = found;
      const opened = { session, id: found.id, openedBy: id, until, isNew: false, hasEnded: false };
      model.held.push({ ...opened, seen: copy(stored), log: [] });
    }),
  ),
  fc.tuple(places, names, fc.nat(9)).map(([place, name, value]) =>
    change(`set(${name}, ${value})`, place, ({ session }) => ({
      make: () => session.set(name, value),
      record: ({ attributes }) => attributes.set(name, value),
    })),
  ),
  fc.tuple(places, names).map(([place, name]) =>
    change(`delete(${name})`, place, ({ session }) => ({
      make: () => session.delete(name),
      record: ({ attributes }) => attributes.delete(name),
    })),
  ),
  fc.tuple(places, names).map(([place, name]) =>
    change(`update(${name}, n + 1)`, place, ({ session }) => ({
      make: () => session.update(name, increment),
      record: ({ attributes }) => attributes.set(name, increment(attributes.get(name))),
    })),
  ),
  fc.tuple(places, values).map(([place, value]) =>
    change(`flash.add(${value})`, place, ({ session }, { format }) => {
      const message = { id: format === "native" ? {} : value, value };
      return { make: () => session.flash.add("message", value), record: ({ messages }) => messages.push(message) };
    }),
  ),
  places.map((place) =>
    change("flash.take()", place, (held) => {
      const { messages } = shown(held);
      const texts = messages.map(({ value }) => value);
      const make = () => assert.deepEqual(held.session.flash.take("message"), texts);
      return { make, record: messages.length === 0 ? undefined : (content) => remove(content, messages) };
    }),
  ),
  fc.tuple(places, values).map(([place, value]) =>
    change(`flash.remove(${value})`, place, (held) => {
      const message = shown(held).messages.find((each) => each.value === value);
      const make = () => held.session.flash.remove("message", value);
      return { make, record: message && ((content) => remove(content, [message])) };
    }),
  ),
  places.map((place) => act("save", place, (model, held) => save(model, held))),
  places.map((place) => act("save", place, (model, held) => save(model, held))),
  places.map((place) =>
    act("refresh", place, (model, held) => {
      if (held.isNew) return undefined;
      const stored = isOver(model, held) ? undefined : live(model, held.id);
      if (stored === undefined) return gone(held);
      // A read keeps alive what it finds; be it that it leads elsewhere.
      keepAlive(model, stored);
      if (stored.forward) return gone(held);
      held.seen = copy(stored);
      return undefined;
    }),
  ),
  places.map((place) =>
    act("touch", place, (model, held) => {
      if (held.isNew) return undefined;
      const stored = isOver(model, held) ? undefined : live(model, held.id);
      if (stored === undefined) return gone(held);
      keepAlive(model, stored);
      return undefined;
    }),
  ),
  places.map((place) =>
    act("discard", place, (_, held) => {
      held.log = [];
      return undefined;
    }),
  ),
  places.map((place) => act("regenerate", place, (model, held) => move(model, held, undefined))),
  places.map((place) => act("destroy", place, (model, held) => destroy(model, held))),
  places.map((place) =>
    act("invalidate", place, (model, held) => {
      destroy(model, held);
      Object.assign(held, { id: held.session.id, until: undefined, isNew: true, hasEnded: false, log: [] });
      held.seen = { attributes: new Map(), messages: [] };
      assert.ok(!model.ids.includes(held.id), "a fresh id");
      model.ids.push(held.id);
      return undefined;
    }),
  ),
  fc.tuple(fc.nat(1), places, names).map(([number, place, name]) =>
    command(`sessions.update(${place}, ${name}, n + 1) in ${number}`, async (model, { managers }) => {
      const id = at(model.ids, place);
      if (id === undefined) return;
      const stored = live(model, id);
      const result = await outcome(() =>
        manager(managers, number).update(id, (draft) => {
          draft.update(name, increment);
          return draft.get(name);
        }),
      );
      if (stored === undefined || stored.forward) return assert.equal(result.code, "gone");
      stored.attributes.set(name, (stored.attributes.get(name) ?? 0) + 1);
      keepAlive(model, stored);
      assert.equal(result.value, stored.attributes.get(name));
    }),
  ),
  fc.tuple(fc.nat(1), places).map(([number, place]) =>
    command(`sessions.destroy(${place}) in ${number}`, async (model, { managers }) => {
      const id = at(model.ids, place);
      if (id === undefined) return;
      await manager(managers, number).destroy(id);
      end(model, id);
    }),
  ),
  fc.constantFrom(500, 1000, 9_500, 10_000, 20_000).map((ms) =>
    command(`advance(${ms} ms)`, async (model, { clock }) => {
      await clock.advance(ms);
      model.now += ms;
    }),
  ),
];

const native: fc.Arbitrary<Command>[] = [
  fc
    .tuple(places, fc.constantFrom(1, 10))
    .map(([place, graceSeconds]) =>
      act(`regenerate with ${graceSeconds} s of grace`, place, (model, held) => move(model, held, graceSeconds)),
    ),
  places.map((place) =>
    command(`use ${place} until an instant after its lifetime`, async (model, { clock }) => {
      const held = at(model.held, place);
      const stored = held && !held.hasEnded && held.until === undefined ? live(model, held.id) : undefined;
      if (held === undefined || stored === undefined || stored.forward) return;
      const end = stored.createdAt + lifetimeSeconds * 1000;
      for (let ms = end - model.now; ms > 0; ms = end - model.now) {
        await held.session.touch();
        keepAlive(model, stored);
        const step = ms > 9_700 ? 9_700 : ms + 200;
        await clock.advance(step);
        model.now += step;
      }
    }),
  ),
];

function command(name: string, run: (model: Model, real: Real) => Promise<unknown>): Command {
  return {
    check: () => true,
    async run(model, real) {
      await run(model, real);
      for (const held of model.held) compare(model, held);
    },
    toString: () => name,
  };
}

/** A change that is recorded, unless there is nothing to change; or refused, by a session that is read-only. */
function change(
  name: string,
  place: number,
  changeOf: (held: Held, model: Model) => { make: () => void; record: ((content: Content) => unknown) | undefined },
): Command {
  return command(`${name} in ${place}`, async (model) => {
    const held = at(model.held, place);
    if (held === undefined) return;
    const { make, record } = changeOf(held, model);
    const { code } = await outcome(async () => make());
    assert.equal(code, record && held.until !== undefined ? "read_only" : undefined);
    if (record && code === undefined) held.log.push(record);
  });
}

/** What goes to the store: `expected` plays it on the model, and says the code with which it must reject. */
function act(name: string, place: number, expected: (model: Model, held: Held) => string | undefined): Command {
  return command(`${name} ${place}`, async (model) => {
    const held = at(model.held, place);
    if (held === undefined) return;
    const { code } = await outcome(async () => perform(name, held.session));
    assert.equal(code, expected(model, held), name);
  });
}

function perform(name: string, session: Session): Promise<void> | void {
  const [, grace] = /with (\d+) s of grace/.exec(name) ?? [];
  if (grace !== undefined) return session.regenerate({ graceSeconds: Number(grace) });
  return session[name as "save" | "refresh" | "touch" | "discard" | "regenerate" | "destroy" | "invalidate"]();
}

function compare(model: Model, held: Held): void {
  const { session } = held;
  const content = shown(held);
  const attributes = new Map(session.names().map((name) => [name, session.get(name)]));
  assert.deepEqual([...attributes].sort(), [...content.attributes].sort());
  assert.deepEqual(
    session.flash.peek("message"),
    content.messages.map(({ value }) => value),
  );
  const { isNew, isChanged, hasEnded, isReadOnly } = session;
  const expected = { isNew: held.isNew, hasEnded: held.hasEnded, isReadOnly: held.until !== undefined };
  assert.deepEqual({ isNew, isChanged, hasEnded, isReadOnly }, { ...expected, isChanged: held.log.length > 0 });
  assert.ok(model.ids.includes(session.id));
}

function increment(n: unknown): number {
  return ((n as number | undefined) ?? 0) + 1;
}

/** The last one for 0, the one before for 1, and so on: what has just been made is the most interesting. */
function at<Item>(items: readonly Item[], place: number): Item | undefined {
  return items[items.length - 1 - (place % Math.max(1, items.length))];
}

function manager(managers: readonly SessionManager[], number: number): SessionManager {
  return managers[number] as SessionManager; // there are two
}

async function outcome<T>(run: () => Promise<T>): Promise<{ value?: T; code?: string }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!isSessionError(error)) throw error;
    return { code: error.code };
  }
}
