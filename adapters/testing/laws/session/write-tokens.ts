import assert from "node:assert/strict";
import { createScriptedHandler, losesReply, losesRequest, refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import {
  given,
  givenUnsavedCount,
  increment,
  opened,
  outcomeOf,
  someoneSets,
  someoneWrites,
  stored,
  TOKENS_KEPT,
} from "./actions.ts";
import { after, before } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A token in the record shows whether a write was applied. */
export const writeTokenLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    91,
    "data seen before the outcome became unknown does not make another set of it",
    async (fixture) => {
      const id = await given(fixture, { shared: 0 });
      const holder = await opened(fixture.sessions, id);
      await someoneSets(fixture, id, "theirs", 1)();
      holder.set("shared", "ours");
      fixture.handler.next("write", (apply) => apply());
      fixture.handler.next("write", losesReply());
      fixture.handler.next("read", refuses());
      await rejects(holder.save(), "unavailable", "unknown");
      await someoneSets(fixture, id, "shared", "later")();
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { shared: "later", theirs: 1 });
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "an earlier set is not applied on top of a later one that is in the record",
    async (fixture) => {
      const id = await given(fixture, { mine: 0, list: [] });
      const holder = await opened(fixture.sessions, id);
      holder.set("mine", "early");
      fixture.handler.next("write", refuses());
      await rejects(holder.save(), "unavailable", "not-applied");
      await someoneSets(fixture, id, "theirs", 1)();
      holder.update("list", (list) => [...(list as string[]), "once"]);
      holder.set("mine", "late");
      fixture.handler.next("write", (apply) => apply());
      fixture.handler.next("write", losesReply());
      fixture.handler.next("read", refuses());
      await rejects(holder.save(), "unavailable", "unknown");
      await someoneWrites(fixture, id, TOKENS_KEPT - 1); // enough that only the token of the later one is left
      await holder.save();
      const found = await stored(fixture, id);
      assert.deepEqual(
        { ...found, elsewhere: undefined },
        { mine: "late", theirs: 1, list: ["once"], elsewhere: undefined },
      );
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "a token in the record keeps its place; otherwise a later one would seem never to have existed",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      const unsteady = createScriptedHandler(fixture.store);
      const holder = await opened(fixture.process({ handler: unsteady }), id);
      holder.update("count", increment);
      unsteady.next("write", losesReply("timeout"));
      await rejects(holder.save(), "timeout", "unknown");
      // Increments a counter right after that token, and looks up its outcome after so many writes that its own token
      // would be gone, had the other one been added again.
      const meanwhile = async () => {
        holder.set("name", "Ann");
        await holder.save();
        await someoneWrites(fixture, id, TOKENS_KEPT - 2);
      };
      fixture.handler.next("write", before(meanwhile, losesReply()));
      await fixture.sessions.update(id, (draft) => draft.update("count", increment));
      assert.equal((await stored(fixture, id))?.count, 2);
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "a token belongs to a set of changes across all attempts, not to an attempt",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      for (const lost of [losesRequest, losesReply, losesRequest]) {
        fixture.handler.next(
          "write",
          after(() => someoneWrites(fixture, id, 2)),
        );
        fixture.handler.next("write", lost("timeout"));
        await outcomeOf(holder.save());
        await someoneWrites(fixture, id, 2);
      }
      await holder.save();
      assert.equal((await stored(fixture, id))?.count, 1);
    },
  ),
  inEveryFormat(91, "no token is left by a set whose changes were not applied", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const [choosy, other] = [await opened(fixture.sessions, id), await opened(fixture.sessions, id)];
    choosy.set("choosy", 1);
    choosy.update("count", (count) => {
      if (count === 10) throw new RangeError();
      return increment(count);
    });
    other.set("other", 1);
    fixture.handler.next("write", after(someoneSets(fixture, id, "count", 10)));
    const saves = [choosy.save(), other.save()] as const;
    await assert.rejects(saves[0], RangeError);
    await saves[1];
    assert.equal(choosy.isChanged, true);
    assert.deepEqual(await stored(fixture, id), { count: 10, other: 1 });
    await someoneSets(fixture, id, "count", 20)();
    await choosy.save();
    assert.deepEqual(await stored(fixture, id), { count: 21, other: 1, choosy: 1 });
  }),
];
