import { join } from "node:path";
import { expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/observing.md");

test.each(["observing.ts", "channels.ts"])(
  "%s prints what the page says",
  async (name) => {
    await using folder = await writePrograms(programs);
    const { text = "" } = programs.find((program) => program.name === name) ?? {};
    const [, said = ""] = /\/\/ (session\.read absent[^…\n]*)…?$/m.exec(text) ?? [];
    expect(await runProgram(join(folder.path, name))).toMatch(new RegExp(`^${said}\\S*\\n$`));
  },
  60_000,
);

test("the manager of telemetry.ts works without an SDK", async () => {
  await using folder = await writePrograms(programs);
  const { sessions, onSocketEvent } = await import(/* @vite-ignore */ join(folder.path, "telemetry.ts"));
  onSocketEvent({ type: "opened", session: "a hash", at: 0 });
  await sessions.close();
});
