import assert from "node:assert/strict";
import { losesReply, losesRequest, refuses } from "../../scripted-handler.ts";
import { givenMessages, opened, someoneSets, waitingMessages } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** No flash message is lost or doubled when several callers change a session. */
export const concurrentFlashMessageLaws: readonly SessionLaw[] = [
  inFormatsWith("flashes", 95, "messages added at the same time all wait, in order", async (fixture) => {
    const id = await givenMessages(fixture, ["one"]);
    const [holder, other] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
    holder.flash.add("notice", "three");
    other.flash.add("notice", "two");
    await other.save();
    assert.deepEqual(holder.flash.peek("notice"), ["one", "three"]);
    await holder.save();
    assert.deepEqual(await waitingMessages(fixture.others, id), ["one", "two", "three"]);
  }),
  inFormatsWith(
    "flashes",
    95,
    "neither a conflict, a failed save nor a second save loses a message or brings it back",
    async (fixture) => {
      const id = await givenMessages(fixture, ["one"]);
      const holder = await opened(fixture.sessions, id);
      holder.flash.add("notice", "two");
      fixture.handler.next("write", refuses());
      await assert.rejects(holder.save());
      assert.deepEqual(holder.flash.peek("notice"), ["one", "two"]);
      fixture.handler.next("write", after(someoneSets(fixture, id, "a", 1)));
      await holder.save();
      await holder.save();
      assert.deepEqual(await waitingMessages(fixture.others, id), ["one", "two"]);
      assert.deepEqual(holder.flash.take("notice"), ["one", "two"]);
      fixture.handler.next("write", after(someoneSets(fixture, id, "a", 2)));
      await holder.save();
      await holder.save();
      assert.deepEqual(await waitingMessages(fixture.others, id), []);
    },
  ),
  inFormatsWith(
    "flashes",
    95,
    "two callers that take at the same time may both receive a message, which is then gone",
    async (fixture) => {
      const id = await givenMessages(fixture, ["one"]);
      const [holder, other] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
      assert.deepEqual(holder.flash.take("notice"), ["one"]);
      assert.deepEqual(other.flash.take("notice"), ["one"]);
      await Promise.all([holder.save(), other.save()]);
      assert.deepEqual(await waitingMessages(fixture.others, id), []);
    },
  ),
  inFormatsWith(
    "flashes",
    95,
    "within one process, only one of several simultaneous updates takes a message",
    async (fixture) => {
      const id = await givenMessages(fixture, ["one"]);
      const take = () => fixture.sessions.update(id, (draft) => draft.flash.take("notice").length);
      assert.deepEqual((await Promise.all([take(), take(), take()])).sort(), [0, 0, 1]);
      assert.deepEqual(await waitingMessages(fixture.others, id), []);
    },
  ),
  inFormatsWith(
    ["flashes", "tokens"],
    95,
    "a lost reply adds no message twice, and takes no later message",
    async (fixture) => {
      for (const lost of [losesReply, losesRequest]) {
        const id = await givenMessages(fixture, ["one"]);
        const holder = await opened(fixture.sessions, id);
        holder.flash.add("notice", "two");
        fixture.handler.next("write", lost());
        await holder.save();
        assert.deepEqual(await waitingMessages(fixture.others, id), ["one", "two"]);
      }
    },
  ),
];
