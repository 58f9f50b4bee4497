import assert from "node:assert/strict";
import { withoutUnhandledRejections } from "../unhandled-rejections.ts";
import { type ChannelLaw, connected, createHearer, createMessage, until } from "./fixture.ts";

/** Listeners do not affect each other, and receive messages until they leave. */
export const listenerLaws: readonly ChannelLaw[] = [
  {
    law: 117,
    says: "a listener that throws affects no other one, and continues to receive messages itself",
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
    says: "a listener that subscribed twice receives messages twice, and once after one of the two subscriptions has ended",
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
    says: "nothing is delivered after the end of the subscription, not even messages under way",
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
    says: "nothing is delivered after the close: no messages under way, and none to later subscribers",
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
