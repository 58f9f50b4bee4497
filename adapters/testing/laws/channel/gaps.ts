import type { SessionMessage } from "sessionwire";
import {
  type ChannelFixture,
  type ChannelLaw,
  connected,
  createHearer,
  createMessage,
  type Hearer,
  pause,
  until,
} from "./fixture.ts";

/** Missed messages are always reported. */
export const gapLaws: readonly ChannelLaw[] = [
  {
    law: 115,
    says: "a message published right after the subscription is received, or a gap is reported",
    async check({ open }) {
      const publisher = open();
      const [first, second] = [createHearer(), createHearer()];
      open().subscribe(first);
      await connected(publisher, first);
      open().subscribe(second);
      const published = publish(publisher, [second]);
      await accountedFor(published);
    },
  },
  {
    law: 115,
    says: "every message is received or followed by a gap while connections are reset again and again",
    needs: "connections",
    check: (fixture) => underTrouble(fixture, ({ reset }) => reset()),
  },
  {
    law: 115,
    says: "every message is received or followed by a gap while connections fall silent again and again",
    needs: "connections",
    check: (fixture) => underTrouble(fixture, ({ drop }) => drop()),
  },
  {
    law: 115,
    says: "no further message is missed after the gap that follows an interruption",
    needs: "connections",
    async check({ open, place }) {
      const publisher = open();
      const hearer = createHearer();
      open().subscribe(hearer);
      await connected(publisher, hearer);
      const gaps = () => hearer.heard.filter((each) => each === "gap").length;
      const before = gaps();
      place.connections?.drop();
      await until(() => gaps() > before, "No gap was reported.");
      await connected(publisher, hearer);
      const messages = Array.from({ length: 100 }, () => createMessage());
      for (const message of messages) publisher.publish(message);
      await until(() => hearer.among(messages).length >= messages.length);
    },
  },
];

/** A message, and for each hearer the number of gaps reported to it by the time of publishing. */
interface Published {
  readonly message: SessionMessage;
  readonly hearers: readonly { readonly hearer: Hearer; readonly after: number }[];
}

function publish(channel: { publish(message: SessionMessage): void }, hearers: readonly Hearer[]): Published {
  const message = createMessage();
  channel.publish(message);
  return { message, hearers: hearers.map((hearer) => ({ hearer, after: hearer.heard.length })) };
}

async function accountedFor({ message, hearers }: Published): Promise<void> {
  for (const { hearer, after } of hearers) {
    const isHeard = () => hearer.among([message]).length > 0;
    await until(
      () => isHeard() || hearer.heard.slice(after).includes("gap"),
      "A message was missed, and no gap was reported.",
    );
  }
}

/** Publishes while connections are disturbed, and checks the fate of each message. */
async function underTrouble(
  { open, place }: ChannelFixture,
  trouble: (connections: NonNullable<ChannelFixture["place"]["connections"]>) => void,
): Promise<void> {
  const publishers = [open(), open()];
  const hearers = [createHearer(), createHearer()];
  for (const hearer of hearers) open().subscribe(hearer);
  for (const publisher of publishers) await connected(publisher, ...hearers);
  const published: Published[] = [];
  for (let round = 0; round < 20; round += 1) {
    if (round % 5 === 2 && place.connections) trouble(place.connections);
    for (const publisher of publishers) published.push(publish(publisher, hearers));
    await pause(20);
  }
  for (const each of published) await accountedFor(each);
}
