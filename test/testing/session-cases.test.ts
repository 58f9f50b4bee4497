import { createSessionManager, expressFormat, nativeFormat } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { defineCases, sessionCases } from "sessionwire/testing";
import { describe, expect, it, test } from "vitest";

/** Ours, each different in one thing that a format declares: the cases go by that, and not by the name. */
const formats: Readonly<Record<string, () => SessionFormat>> = {
  "without tokens": () => {
    const format = nativeFormat();
    return { ...format, keepsTokens: false, encode: (record) => format.encode({ ...record, tokens: [] }) };
  },
  "without forwards": () => ({ ...nativeFormat(), keepsForwards: false }),
  "with ids from elsewhere": () => ({ ...nativeFormat(), adoptsIds: true }),
  "without a lifetime": () => ({ ...nativeFormat(), defaults: { idleTimeoutSeconds: 600 } }),
  "without ids of messages": () => {
    const format = nativeFormat();
    const flashEntry: SessionFormat["flashEntry"] = (value) => ({ id: JSON.stringify(value), value });
    const withoutIds = (flashes: ReturnType<SessionFormat["decode"]>["flashes"]) =>
      new Map([...flashes].map(([type, entries]) => [type, entries.map(({ value }) => flashEntry(value))]));
    const decode: SessionFormat["decode"] = (data) => {
      const record = format.decode(data);
      return { ...record, flashes: withoutIds(record.flashes) };
    };
    return { ...format, flashEntry, decode };
  },
  "of express-session, with ids of its own": () => ({ ...expressFormat(), adoptsIds: false }),
};

for (const [name, createFormat] of Object.entries(formats)) {
  defineCases(`sessions in a format ${name}`, casesIn(createFormat), { describe, it });
}

test("each case is run in some format, and says why it is skipped in others", () => {
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

test("managers that say nothing of their format are asked for it", () => {
  const named = (createFormat?: () => SessionFormat) =>
    sessionCases({ createManager: createSessionManager, ...(createFormat && { createFormat }) }).map(
      ({ name }) => name,
    );
  expect(named()).toEqual(named(nativeFormat));
});

function casesIn(createFormat: () => SessionFormat) {
  return sessionCases({ createManager: createSessionManager, createFormat });
}
