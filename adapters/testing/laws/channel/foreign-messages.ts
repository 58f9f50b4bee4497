import assert from "node:assert/strict";
import { randomText } from "sessionwire/backend";
import { withoutUnhandledRejections } from "../unhandled-rejections.ts";
import { type ChannelLaw, connected, createHearer } from "./fixture.ts";

/** Anybody who can reach the place may publish there. */
export const foreignMessageLaws: readonly ChannelLaw[] = [
  {
    law: 120,
    says: "a text that is not a message of this package is ignored",
    needs: "publishForeign",
    async check({ open, place }) {
      const publisher = open();
      const hearer = createHearer();
      open().subscribe(hearer);
      await connected(publisher, hearer);
      const keyHash = randomText(32);
      await withoutUnhandledRejections(async () => {
        for (const text of textsWith(keyHash)) await place.publishForeign?.(text);
        await connected(publisher, hearer);
      });
      assert.deepEqual(
        hearer.heard.filter((each) => each !== "gap" && each.keyHash.startsWith(keyHash)),
        [],
      );
      await place.publishForeign?.(JSON.stringify({ type: "ended", keyHash, from: "a-process" }));
      await connected(publisher, hearer);
      assert.equal(hearer.among([{ type: "ended", keyHash, from: "" }]).length, 1);
    },
  },
];

/** Texts of all kinds, some of which differ from a message in one detail. */
function textsWith(keyHash: string): string[] {
  const from = "a-process";
  const values = [
    null,
    [],
    keyHash,
    { keyHash, from },
    { type: "ended", keyHash },
    { type: "ended", from },
    { type: "expired", keyHash, from },
    { type: "regenerated", keyHash, from },
    { type: "ended", keyHash: `${keyHash}x`, from },
    { type: "ended", keyHash: [keyHash], from },
    { type: "ended", keyHash, from: "x".repeat(65) },
    { type: "ended", keyHash, from, padding: "x".repeat(1024) },
  ];
  return ["", "{", "\0", "ended", ...values.map((value) => JSON.stringify(value))];
}
