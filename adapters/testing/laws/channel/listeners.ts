import assert from "node:assert/strict";
import { withoutUnhandledRejections } from "../unhandled-rejections.ts";
import { type ChannelLaw, connected, createHearer, createMessage, until } from "./fixture.ts";

/** Those who hear do each other no harm, and hear until they leave. */
export const listenerLaws: readonly ChannelLaw[] = [
  {
    law: 117,
    says: "a listener that throws harms nobody else, and goes on hearing itself",
    async check({ open }) {
      const [publisher, channel] = [open(), open()];
      const [throwing, other] = [createHearer(), createHearer()];
      channel.subscribe({
        ...throwing,
        onMessage(message) {
          throwing.onMessage(message);
          throw new Error("mine");
        },
        onGap() {
          throw new Error("mine");
        },
      });
      channel.subscribe(other);
      await withoutUnhandledRejections(async () => {
        await connected(publisher, throwing, other);
        const messages = [createMessage(), createMessage()];
        for (const message of messages) publisher.publish(message);
        await until(() => [throwing, other].every((hearer) => hearer.among(messages).length === 2));
      });
    },
  },
  {
    law: 117,
    says: "a listener that has subscribed twice hears twice, and once when one of the two has ended",
    async check({ open }) {
      const [publisher, channel] = [open(), open()];
      const hearer = createHearer();
      const end = channel.subscribe(hearer);
      channel.subscribe(hearer);
      await connected(publisher, hearer);
      const messages = [createMessage(), createMessage()] as const;
      publisher.publish(messages[0]);
      await until(() => hearer.among([messages[0]]).length === 2);
      end();
      end();
      publisher.publish(messages[1]);
      await until(() => hearer.among([messages[1]]).length > 0);
      await connected(publisher, hearer);
      assert.equal(hearer.among([messages[1]]).length, 1);
    },
  },
  {
    law: 118,
    says: "nothing is delivered after the end of the subscription, not even what was under way",
    async check({ open }) {
      const [publisher, channel] = [open(), open()];
      const [leaving, staying] = [createHearer(), createHearer()];
      const end = channel.subscribe(leaving);
      channel.subscribe(staying);
      await connected(publisher, leaving, staying);
      const message = createMessage();
      publisher.publish(message);
      end();
      await until(() => staying.among([message]).length > 0);
      assert.deepEqual(leaving.among([message]), []);
    },
  },
  {
    law: 118,
    says: "nothing is delivered after the close, not even what was under way, nor to who subscribes then",
    async check({ open }) {
      const [publisher, channel, other] = [open(), open(), open()];
      const [closed, late, staying] = [createHearer(), createHearer(), createHearer()];
      channel.subscribe(closed);
      other.subscribe(staying);
      await connected(publisher, closed, staying);
      const message = createMessage();
      publisher.publish(message);
      const { length } = closed.heard;
      const closing = channel.close();
      channel.subscribe(late)();
      channel.subscribe(late);
      await closing;
      await until(() => staying.among([message]).length > 0);
      await connected(publisher, staying);
      assert.deepEqual([closed.heard.length, late.heard], [length, []]);
    },
  },
];
