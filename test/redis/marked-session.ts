import { createSessionManager, expressFormat, nativeFormat, type SessionHandler } from "sessionwire";

/** What must not be readable anywhere: it is in names and values of attributes, in messages, and in the id of a user. */
export const marker = "xyzzy-4711";

const formats = { native: nativeFormat, express: expressFormat };

/** Lives through all that writes something about a session, in both formats: changes, touches, messages, moves, users, tickets. */
export async function liveMarkedSessions(handler: SessionHandler): Promise<void> {
  const shared = new Proxy(handler, { get: (of, name) => (name === "close" ? async () => {} : Reflect.get(of, name)) });
  for (const createFormat of Object.values(formats)) {
    await using sessions = createSessionManager<Record<string, unknown>>({
      handler: shared,
      format: createFormat(),
      touchEverySeconds: 0,
      users: { idOf: (session) => session.get("user"), maxSessions: 3 },
    });
    const session = await sessions.create();
    session.set("user", `user ${marker}`);
    session.set(`name ${marker}`, { list: [`value ${marker}`, "long ".repeat(200)] });
    session.flash.add(`type ${marker}`, `message ${marker}`);
    await session.save();
    await sessions.update(session.id, (draft) => draft.set("also", `update ${marker}`));
    const ticket = await sessions.tickets.issue(session);
    const opened = await sessions.tickets.redeem(ticket);
    opened?.set("again", `redeemed ${marker}`);
    await opened?.save();
    const moved = await sessions.open(session.id);
    await moved?.regenerate();
    await sessions.open(moved?.id ?? "");
  }
}

/** The ways in which text can stand in a dump: as it is, and in the usual encodings of bytes at any offset. */
export function findsMarker(dump: Uint8Array): boolean {
  const bytes = Buffer.from(dump);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.from(" ".repeat(offset) + marker)
      .toString("base64")
      .slice(offset === 0 ? 0 : 4, -4),
  );
  const forms = [
    marker,
    Buffer.from(marker).toString("hex"),
    Buffer.from(marker).toString("hex").toUpperCase(),
    ...base64,
  ];
  return forms.some((form) => bytes.includes(form)) || bytes.includes(Buffer.from(marker, "utf16le"));
}
