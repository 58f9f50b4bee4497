import type { HandshakeRequest } from "sessionwire/sockets";
import { expect, test } from "vitest";
import { openPaperStage, origin } from "../ws/paper-stage.ts";

function requestFrom(page: string | undefined, cookie?: string): HandshakeRequest {
  const headers: Record<string, string | undefined> = { origin: page, cookie };
  return { url: "/", raw: "a request", header: (name) => headers[name] };
}

test("a request is accepted or refused by its origin alone, and a refusal is reported", async () => {
  await using stage = openPaperStage();
  const { server, events } = stage;
  expect(await server.checkOrigin(requestFrom(origin))).toBeUndefined();
  expect(events).toEqual([]);
  for (const page of ["http://evil.example", undefined]) {
    expect(await server.checkOrigin(requestFrom(page))).toMatchObject({
      accepted: false,
      reason: "origin",
      status: 403,
    });
  }
  expect(events.map(({ type }) => type)).toEqual(["refused", "refused"]);
});

test("a function of `allowedOrigins` that throws refuses with 500", async () => {
  const error = new Error("of the function");
  await using stage = openPaperStage({
    allowedOrigins: () => {
      throw error;
    },
  });
  expect(await stage.server.checkOrigin(requestFrom(origin))).toMatchObject({ reason: "error", status: 500 });
  expect(stage.events).toContainEqual(expect.objectContaining({ type: "failed", error }));
});

test("a handshake whose origin is already checked is decided by its session", async () => {
  await using stage = openPaperStage();
  const [cookie = ""] = (await stage.sessions.cookie.serialize(await stage.signIn())).split(";");
  const request = requestFrom(undefined, cookie);
  expect(await stage.server.decide(request)).toMatchObject({ reason: "origin" });
  expect(await stage.server.decide({ ...request, isOriginChecked: true })).toMatchObject({ accepted: true });
  expect(await stage.server.decide({ ...requestFrom(undefined), isOriginChecked: true })).toMatchObject({
    reason: "no-cookie",
  });
});
