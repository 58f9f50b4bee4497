import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 36,
    bug: "a request whose reply was lost is sent again",
    from: "reply = await call.send(() => connection.request(touch(key, expiration(ttlSeconds))",
    to: "request = touch(key, expiration(ttlSeconds));\n      const again = async () => (await connections.open(key, call)).request(request);\n      const reply = await call.send(() => connection.request(request).catch(again",
  },
];
