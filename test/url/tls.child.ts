import { createSessionHandler } from "sessionwire/url";
import { bytes, text } from "../laws/law.ts";
import { begin, end } from "../processes/processes.ts";

// Keeps a session under a URL; for the one who has started it with NODE_EXTRA_CA_CERTS, or without. Says what was read, or what failed.

await begin();
await using handler = await createSessionHandler(process.env.STORE ?? "");
end(
  await handler
    .write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 })
    .then(() => handler.read("one"))
    .then(
      (session) => text(session?.data),
      ({ code }) => code,
    ),
);
