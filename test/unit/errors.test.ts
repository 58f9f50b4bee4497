import { SessionError } from "sessionwire";
import { errorWithOutcome } from "sessionwire/backend";
import { expect, test } from "vitest";

test("an error copied with another outcome looks just like one created with it", () => {
  const options = { cause: new Error("cause") };
  const told = errorWithOutcome(new SessionError("unavailable", "It did not answer.", options), "unknown");
  const made = new SessionError("unavailable", "It did not answer.", { ...options, outcome: "unknown" });
  const shownOf = (error: SessionError) =>
    Object.entries(Object.getOwnPropertyDescriptors(error))
      .map(([name, { enumerable }]) => [name, enumerable])
      .sort();
  expect(shownOf(told)).toEqual(shownOf(made));
  expect({ ...told }).toEqual({ ...made });
});
