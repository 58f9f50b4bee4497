// @module-tag real-time

import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { failToStartSymfonyChat, startSymfonyChat } from "./symfony-process.ts";

vi.setConfig({ testTimeout: 60_000 });

test("without PHP and Redis, the example says what to install", async () => {
  const { exitCode, errors } = await failToStartSymfonyChat({ PATH: "/nonexistent" });
  expect(errors).toContain(
    "sudo apt-get install redis-server php-cli php-redis php-symfony-framework-bundle php-symfony-security-bundle\n",
  );
  expect(errors).not.toMatch(/^\s+at /m);
  expect(exitCode).toBe(1);
});

test("a store that Symfony cannot reach is refused in a sentence", async () => {
  const { exitCode, errors } = await failToStartSymfonyChat({ SESSION_STORE: "memory:" });
  expect(errors).toMatch(/^Symfony cannot read what is in the memory of Node.*\n$/);
  expect(exitCode).toBe(1);
});

test("the example starts Redis, PHP and the chat, and a signal ends all three", async () => {
  await using example = await startSymfonyChat();
  const ports = [...example.output.matchAll(/(?:127\.0\.0\.1:|on port |localhost:)(\d+)/g)].map(([, port]) => port);
  expect(ports).toHaveLength(3);
  const response = await fetch(example.url);
  expect(await response.text()).toContain("Sign in to Symfony");
  expect(await example.end()).toBe(0);
  for (const port of ports) expect(await isOpen(Number(port))).toBe(false);
  expect(example.errors).toBe("");
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
