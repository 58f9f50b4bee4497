import { type ChannelLaw, connected, createHearer, createMessage, until } from "./fixture.ts";

/** Closing ends everything. */
export const closingLaws: readonly ChannelLaw[] = [
  {
    law: 119,
    says: "closing may be repeated, both before any use and while calls are under way",
    async check({ open }) {
      const unused = open();
      await unused.close();
      await unused.close();
      const used = open();
      used.subscribe(createHearer());
      used.publish(createMessage());
      await Promise.all([used.close(), used.close(), used[Symbol.asyncDispose]()]);
    },
  },
  {
    law: 119,
    says: "closing leaves no connection, and opens none",
    needs: "connections",
    async check({ open, place }) {
      const channels = [open(), open()];
      const hearer = createHearer();
      for (const channel of channels) channel.subscribe(hearer);
      const [publisher = open()] = channels;
      await connected(publisher, hearer);
      for (const channel of channels) channel.publish(createMessage());
      await Promise.all(channels.map((channel) => channel.close()));
      await until(() => place.connections?.open() === 0, "A connection is left.");
    },
  },
  {
    law: 119,
    says: "closing settles and leaves no connection while the other side is silent",
    needs: "connections",
    async check({ open, place }) {
      const [used, unused] = [open(), open()];
      const hearer = createHearer();
      used.subscribe(hearer);
      await connected(used, hearer);
      place.connections?.silence();
      used.publish(createMessage());
      unused.subscribe(createHearer());
      unused.publish(createMessage());
      await until(() => (place.connections?.open() ?? 0) > 2); // the second one is about to connect
      await Promise.all([used.close(), unused.close()]);
      await until(() => place.connections?.open() === 0, "A connection is left.");
    },
  },
];
