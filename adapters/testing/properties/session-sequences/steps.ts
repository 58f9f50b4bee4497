import fc from "fast-check";
import type { SessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { knowsLifetime } from "../../format-traits.ts";
import { holds, type Step } from "../contract.ts";
import {
  type Code,
  type Content,
  create,
  destroy,
  discard,
  end,
  endOf,
  find,
  type Held,
  invalidate,
  keepAlive,
  live,
  type Model,
  messageOf,
  open,
  refresh,
  regenerate,
  remove,
  save,
  shownBy,
  touch,
} from "./model.ts";
import { examine, expectCode, latest, type Run, settle, step } from "./run.ts";

const processes = fc.constantFrom<(0 | 1)[]>(0, 1);
/** Counts from the latest, which is the most interesting. */
const places = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3, 4, 5);
const names = fc.constantFrom("a", "a", "b", "__proto__");
const values = fc.constantFrom("x", "y");

/** Returns the steps that apply to the format. */
export function stepsIn(format: SessionFormat): fc.Arbitrary<Step<Run>> {
  const steps = [
    ...[weighted(2, creating), weighted(5, opening), weighted(4, updatingById), weighted(1, destroyingById)],
    ...[weighted(6, setting), weighted(3, deleting), weighted(4, counting)],
    ...[weighted(5, adding), weighted(2, taking), weighted(3, removing)],
    ...[weighted(10, saving), weighted(4, refreshing), weighted(2, touching), weighted(2, discarding)],
    ...[weighted(2, regenerating), weighted(1, destroying), weighted(1, invalidating)],
    ...[weighted(3, advancing), weighted(2, awaitingAnEnd), weighted(2, openingAll)],
  ];
  if (format.storesAttributeEnds) steps.push(weighted(5, settingForAWhile));
  if (format.storesForwards) steps.push(weighted(2, movingWithGrace));
  if (knowsLifetime(format)) steps.push(weighted(1, outliving));
  return fc.oneof(...steps);
}

function weighted(weight: number, arbitrary: fc.Arbitrary<Step<Run>>): fc.WeightedArbitrary<Step<Run>> {
  return { weight, arbitrary };
}

const creating: fc.Arbitrary<Step<Run>> = processes.map((process) =>
  step(`create in ${process}`, 80, async ({ model, managers }) => {
    create(model, await managers[process].create());
  }),
);

const opening: fc.Arbitrary<Step<Run>> = fc.tuple(processes, places).map(([process, place]) =>
  onId(`open ${place} in ${process}`, process, place, 85, async (model, sessions, id) => {
    const session = await sessions.open(id);
    const isThere = find(model, id) !== undefined;
    holds(isThere ? 94 : 92, (session !== undefined) === isThere, `open finds ${session ? "a session" : "nothing"}`);
    if (session) open(model, id, session);
  }),
);

const updatingById: fc.Arbitrary<Step<Run>> = fc.tuple(processes, places, names).map(([process, place, name]) =>
  onId(`sessions.update ${place} in ${process}: ${name} + 1`, process, place, 87, async (model, sessions, id) => {
    const stored = live(model, id);
    const { code, value } = await settle(() => countUp(sessions, id, name));
    const isThere = stored !== undefined && !stored.forward;
    expectCode("sessions.update", code, isThere ? undefined : "gone");
    if (!isThere) return;
    const expected = increment(stored.attributes.get(name));
    stored.attributes.set(name, expected);
    keepAlive(model, stored);
    holds(87, value === expected, `sessions.update counts to ${value}, not ${expected}`);
  }),
);

const destroyingById: fc.Arbitrary<Step<Run>> = fc.tuple(processes, places).map(([process, place]) =>
  onId(`sessions.destroy ${place} in ${process}`, process, place, 92, async (model, sessions, id) => {
    await sessions.destroy(id);
    end(model, id);
  }),
);

const advancing: fc.Arbitrary<Step<Run>> = fc
  .constantFrom(500, 1000, 9500, 10_000, 20_000, 30_000)
  .map((ms) => step(`advance(${ms} ms)`, 80, async ({ model, clock }) => pass(model, clock, ms)));

const openingAll: fc.Arbitrary<Step<Run>> = fc.constant(step("open all", 85, examine));

const awaitingAnEnd: fc.Arbitrary<Step<Run>> = fc.constant(
  step("wait for the next end", 80, async (run) => {
    const { model, clock } = run;
    const ends = [...model.stored.values()].map(({ expiresAt }) => expiresAt).filter((end) => end > model.now);
    const end = Math.min(...ends);
    if (end === Infinity) return;
    await pass(model, clock, end - 1 - model.now);
    await examine(run);
    await pass(model, clock, 1);
    await examine(run);
  }),
);

const setting: fc.Arbitrary<Step<Run>> = fc.tuple(places, names, fc.nat(9)).map(([place, name, value]) =>
  change(`set(${name}, ${value})`, place, 80, ({ session }) => ({
    make: () => session.set(name, value),
    record: ({ attributes }) => attributes.set(name, value),
  })),
);

const settingForAWhile: fc.Arbitrary<Step<Run>> = fc
  .tuple(places, fc.nat(9), fc.constantFrom(1, 2, 10, 20))
  .map(([place, value, ttlSeconds]) =>
    change(`set(code, ${value}) for ${ttlSeconds} s`, place, 80, ({ session }, { now }) => ({
      make: () => session.set("code", value, { ttlSeconds }),
      record({ attributes, ends }) {
        attributes.set("code", value);
        ends.set("code", now + ttlSeconds * 1000);
      },
    })),
  );

const deleting: fc.Arbitrary<Step<Run>> = fc.tuple(places, names).map(([place, name]) =>
  change(`delete(${name})`, place, 80, ({ session }) => ({
    make: () => session.delete(name),
    record: ({ attributes }) => attributes.delete(name),
  })),
);

const counting: fc.Arbitrary<Step<Run>> = fc.tuple(places, names).map(([place, name]) =>
  change(`update(${name}, n + 1)`, place, 80, ({ session }) => ({
    make: () => session.update(name, increment),
    record: ({ attributes }) => attributes.set(name, increment(attributes.get(name))),
  })),
);

const adding: fc.Arbitrary<Step<Run>> = fc.tuple(places, values).map(([place, value]) =>
  change(`flash.add(${value})`, place, 95, ({ session }, model) => {
    const message = messageOf(model, value);
    return { make: () => session.flash.add("message", value), record: ({ messages }) => messages.push(message) };
  }),
);

const taking: fc.Arbitrary<Step<Run>> = places.map((place) =>
  change("flash.take()", place, 95, (held) => {
    const { messages } = shownBy(held);
    const expected = messages.map(({ value }) => value).join();
    const make = () => {
      const taken = held.session.flash.take("message").join();
      holds(95, taken === expected, `take returns ${taken}, not ${expected}`);
    };
    return { make, record: messages.length === 0 ? undefined : (content) => remove(content, messages) };
  }),
);

const removing: fc.Arbitrary<Step<Run>> = fc.tuple(places, values).map(([place, value]) =>
  change(`flash.remove(${value})`, place, 95, (held) => {
    const message = shownBy(held).messages.find((each) => each.value === value);
    const make = () => held.session.flash.remove("message", value);
    return { make, record: message && ((content) => remove(content, [message])) };
  }),
);

const saving: fc.Arbitrary<Step<Run>> = places.map((place) => act("save", place, 85, save));

const refreshing: fc.Arbitrary<Step<Run>> = places.map((place) => act("refresh", place, 101, refresh));

const touching: fc.Arbitrary<Step<Run>> = places.map((place) => act("touch", place, 80, touch));

const discarding: fc.Arbitrary<Step<Run>> = places.map((place) => act("discard", place, 80, discard));

const regenerating: fc.Arbitrary<Step<Run>> = places.map((place) =>
  act("regenerate", place, 96, (model, held) => regenerate(model, held, undefined)),
);

const destroying: fc.Arbitrary<Step<Run>> = places.map((place) => act("destroy", place, 92, destroy));

const invalidating: fc.Arbitrary<Step<Run>> = places.map((place) => act("invalidate", place, 98, invalidate));

const movingWithGrace: fc.Arbitrary<Step<Run>> = fc.tuple(places, fc.constantFrom(1, 10)).map(([place, graceSeconds]) =>
  onHeld(`regenerate ${place} with ${graceSeconds} s of grace`, place, 96, async (held, { model }) => {
    const { code } = await settle(() => held.session.regenerate({ graceSeconds }));
    expectCode("regenerate", code, regenerate(model, held, graceSeconds));
  }),
);

const outliving: fc.Arbitrary<Step<Run>> = fc
  .tuple(places, fc.constantFrom<("touch" | "refresh")[]>("touch", "refresh"))
  .map(([place, use]) =>
    onHeld(`${use} ${place} until an instant after its lifetime`, place, 80, async (held, { model, clock }) => {
      const stored = !held.hasEnded && held.until === undefined ? live(model, held.id) : undefined;
      if (stored === undefined || stored.forward) return;
      for (let ms = endOf(model, stored) - model.now; ms > 0; ms = endOf(model, stored) - model.now) {
        const { code } = await settle(async () => held.session[use]());
        expectCode(use, code, use === "touch" ? touch(model, held) : refresh(model, held));
        await pass(model, clock, ms > 9700 ? 9700 : ms + 200);
      }
    }),
  );

function onId(
  words: string,
  process: 0 | 1,
  place: number,
  law: number,
  take: (model: Model, sessions: SessionManager, id: string) => Promise<void>,
): Step<Run> {
  return step(words, law, async ({ model, managers }) => {
    const id = latest(model.ids, place);
    if (id !== undefined) await take(model, managers[process], id);
  });
}

function onHeld(words: string, place: number, law: number, take: (held: Held, run: Run) => Promise<void>): Step<Run> {
  return step(words, law, async (run) => {
    const held = latest(run.model.held, place);
    if (held) await take(held, run);
  });
}

/**
 * Returns a step with a change that is recorded, unless there is nothing to change; or refused, if the session is
 * read-only.
 */
function change(
  words: string,
  place: number,
  law: number,
  changeOf: (
    held: Held,
    model: Model,
  ) => { readonly make: () => void; readonly record: ((content: Content) => unknown) | undefined },
): Step<Run> {
  return onHeld(`${words} in ${place}`, place, law, async (held, { model }) => {
    const { make, record } = changeOf(held, model);
    const { code } = await settle(async () => make());
    expectCode(words, code, record && held.until !== undefined ? "read-only" : undefined);
    if (record && code === undefined) held.log.push(record);
  });
}

type Act = "save" | "refresh" | "touch" | "discard" | "regenerate" | "destroy" | "invalidate";

/**
 * Returns a step with a call that may reach the store: `play` does the same in the model, and returns the code with
 * which the call must reject.
 */
function act(name: Act, place: number, law: number, play: (model: Model, held: Held) => Code): Step<Run> {
  return onHeld(`${name} ${place}`, place, law, async (held, { model }) => {
    const { code } = await settle(async () => held.session[name]());
    expectCode(name, code, play(model, held));
  });
}

async function pass(model: Model, clock: Run["clock"], ms: number): Promise<void> {
  await clock.advance(ms);
  model.now += ms;
}

function countUp(sessions: SessionManager, id: string, name: string): Promise<unknown> {
  return sessions.update(id, (draft) => {
    draft.update(name, increment);
    return draft.get(name);
  });
}

function increment(count: unknown): number {
  return ((count as number | undefined) ?? 0) + 1;
}
