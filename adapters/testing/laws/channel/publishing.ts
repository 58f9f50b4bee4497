import assert from "node:assert/strict";
import type { SessionChannel } from "sessionwire";
import { withoutUnhandledRejections } from "../unhandled-rejections.ts";
import { type ChannelLaw, connected, createHearer, createMessage, pause } from "./fixture.ts";

/** A thousand messages: waiting for replies would take much longer. */
const MESSAGES = 1000;
const BOUND_MS = 1000;

/** Publishing returns at once. */
export const publishingLaws: readonly ChannelLaw[] = [
  {
    law: 116,
    says: "publishing returns at once and throws nothing, before the first connection and after the close",
    async check({ open }) {
      const channel = open();
      await withoutUnhandledRejections(async () => {
        publishMany(channel);
        await channel.close();
        publishMany(channel);
        await pause(20);
      });
    },
  },
  {
    law: 116,
    says: "publishing returns at once and throws nothing while the other side is silent, and when connections are reset",
    needs: "connections",
    async check({ open, place }) {
      const [publisher, hearer] = [open(), createHearer()];
      open().subscribe(hearer);
      await connected(publisher, hearer);
      await withoutUnhandledRejections(async () => {
        place.connections?.silence();
        publishMany(publisher);
        await pause(50);
        place.connections?.reset();
        publishMany(publisher);
        await pause(50);
      });
    },
  },
];

function publishMany(channel: SessionChannel): void {
  const start = performance.now();
  for (let count = 0; count < MESSAGES; count += 1) assert.equal(channel.publish(createMessage()), undefined);
  assert.ok(performance.now() - start < BOUND_MS, "publishing takes too long");
}
