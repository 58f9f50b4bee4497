import assert from "node:assert/strict";
import type { SessionMessage } from "sessionwire";
import { randomText } from "sessionwire/backend";
import { type ChannelLaw, connected, createHearer, createMessage, until } from "./fixture.ts";

/** Published messages arrive. */
export const deliveryLaws: readonly ChannelLaw[] = [
  {
    law: 114,
    says: "a published message reaches every subscriber of every other channel, unchanged",
    async check({ open }) {
      const [publisher, second, third] = [open(), open(), open()];
      const hearers = [createHearer(), createHearer(), createHearer()];
      for (const [index, channel] of [second, second, third].entries())
        channel.subscribe(hearers[index] ?? createHearer());
      await connected(publisher, ...hearers);
      const named = { keyHash: randomText(32), from: "a-process" };
      const messages: SessionMessage[] = [
        { type: "created", ...named },
        { type: "regenerated", previousKeyHash: randomText(32), ...named },
        { type: "ended", ...named },
      ];
      for (const message of messages) publisher.publish(message);
      for (const { heard } of hearers) {
        const own = () => heard.filter((each) => each !== "gap" && each.keyHash === named.keyHash);
        await until(() => own().length >= messages.length);
        assert.deepEqual(own(), messages);
      }
    },
  },
  {
    law: 114,
    says: "messages of one channel arrive in the order in which they were published, whoever else is publishing",
    async check({ open }) {
      const publishers = [open(), open()];
      const hearer = createHearer();
      open().subscribe(hearer);
      for (const publisher of publishers) await connected(publisher, hearer);
      const sent = publishers.map(() => Array.from({ length: 500 }, () => createMessage()));
      for (let index = 0; index < 500; index += 1) {
        for (const [each, publisher] of publishers.entries()) {
          const message = sent[each]?.[index];
          if (message) publisher.publish(message);
        }
        if (index % 100 === 0) await new Promise(setImmediate);
      }
      for (const messages of sent) {
        await until(() => hearer.among(messages).length >= messages.length);
        assert.deepEqual(
          hearer.among(messages),
          messages.map(({ keyHash }) => keyHash),
        );
      }
    },
  },
];
