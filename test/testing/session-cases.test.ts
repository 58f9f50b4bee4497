import { createSessionManager, expressFormat, nativeFormat } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { defineCases, sessionCases } from "sessionwire/testing";
import { describe, expect, it, test } from "vitest";

/** Formats that differ from ours in what they declare: the cases go by that, and not by the name. */
const formats: Readonly<Record<string, () => SessionFormat>> = {
  "without tokens, with ids from elsewhere": () => {
    const format = nativeFormat();
    const encode: SessionFormat["encode"] = (record) => format.encode({ ...record, tokens: [] });
    return { ...format, storesTokens: false, acceptsForeignIds: true, encode };
  },
  "without forwards, a lifetime and ids of messages": () => {
    const format = nativeFormat();
    const defaults = { idleTimeoutSeconds: 600 };
    const flashEntry: SessionFormat["flashEntry"] = (value) => ({ id: JSON.stringify(value), value });
    const decode: SessionFormat["decode"] = (data) => {
      const { flashes, ...record } = format.decode(data);
      const withoutIds = [...flashes].map(([type, all]) => [type, all.map(({ value }) => flashEntry(value))] as const);
      return { ...record, flashes: new Map(withoutIds) };
    };
    return { ...format, storesForwards: false, defaults, flashEntry, decode };
  },
  "of express-session, with ids of its own": () => ({ ...expressFormat(), acceptsForeignIds: false }),
};

for (const [name, createFormat] of Object.entries(formats)) {
  defineCases(`sessions in a format ${name}`, casesIn(createFormat), { describe, it });
}

test("each case runs in some format, and says why it is skipped in others", () => {
  const all = Object.values({ nativeFormat, expressFormat, ...formats }).map(casesIn);
  for (const [index, { name }] of casesIn(nativeFormat).entries()) {
    const same = all.map((cases) => cases[index]);
    expect(
      same.some((each) => each?.skipped === undefined),
      name,
    ).toBe(true);
    for (const each of same) if (each?.skipped !== undefined) expect(each.name).toContain(each.skipped);
  }
});

test("managers without a declared format are asked for it", () => {
  const named = (createFormat?: () => SessionFormat) =>
    sessionCases({ createManager: createSessionManager, ...(createFormat && { createFormat }) }).map(
      ({ name }) => name,
    );
  expect(named()).toEqual(named(nativeFormat));
});

function casesIn(createFormat: () => SessionFormat) {
  return sessionCases({ createManager: createSessionManager, createFormat });
}
