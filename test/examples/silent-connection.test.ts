import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { startRedis } from "../servers/redis-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Run {
  readonly args?: readonly string[];
  /** What is piped in; nothing is when it is missing. */
  readonly input?: string;
  readonly store?: string;
}

interface Result {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program as `npm run start:silence` does. */
async function run({ args = [], input, store }: Run): Promise<Result> {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/silent-connection/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, SESSION_STORE: store },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}); // it may have ended before it has read anything
  child.stdin.end(input);
  const [[exitCode], output, errors] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { exitCode, output, errors };
}

function expectSentence({ exitCode, errors }: Result, words: RegExp): void {
  expect(errors).toMatch(words);
  expect(errors).not.toMatch(/^\s+at /m);
  expect(exitCode).toBe(1);
}

describe("on memory", () => {
  test("the demo creates, reads, replaces, refuses and destroys, and ends cleanly", async () => {
    const { exitCode, output, errors } = await run({ args: ["--demo"] });
    expect(errors).toBe("");
    expect(exitCode).toBe(0);
    expect(output).toMatch(/set "hello" +created, version/);
    expect(output).toMatch(/set "hello, world" +replaced, version/);
    expect(output).toMatch(/set "from the socket" +refused: .* there is now "from the page", version/);
    expect(output).toMatch(/set "from both" +replaced, version/);
    expect(output).toMatch(/set "too late" +refused: the session has ended/);
    expect(output).toContain("SESSION_STORE=redis://localhost:6379 npm run start:silence");
  });

  test("the demo runs if there is no piped input", async () => {
    const { exitCode, output } = await run({ input: "" });
    expect(output).toMatch(/set "hello" +created, version/);
    expect(exitCode).toBe(0);
  });

  test("piped commands are answered one by one, up to quit", async () => {
    const input = "set ann hello world\nget ann\ntouch ann\ndestroy ann\nget ann\nsilence\nquit\nset bob late\n";
    const { exitCode, output, errors } = await run({ input });
    expect(errors).toBe("");
    expect(output).toMatch(/^> set ann hello world\ncreated, version \S+$/m);
    expect(output).toMatch(/^> get ann\n"hello world", version \S+$/m);
    expect(output).toMatch(/^> touch ann\nlives for another 300 s/m);
    expect(output).toMatch(/^> destroy ann\ndestroyed\n> get ann\nthere is no such session$/m);
    expect(output).toMatch(/^> silence\nIn memory there is no connection/m);
    expect(output).not.toContain("bob");
    expect(exitCode).toBe(0);
  });

  test("an invalid command is reported in a sentence, and the next one is executed", async () => {
    const result = await run({ input: "sett ann hello\nset ann\nget ann" });
    expectSentence(result, /^There is no command "sett"\. .*\nThe text is missing\. .*\n$/);
    expect(result.output).toContain("> get ann\nthere is no such session\n");
  });

  test("an unknown option is reported in a sentence", async () => {
    expectSentence(await run({ args: ["--dmeo"] }), /^There is no option --dmeo\. .*\n$/);
  });
});

describe("on Redis", () => {
  test("a write is refused when another process has written since", async () => {
    await using server = await startRedis();
    const first = await run({ store: server.url, input: "set ann hello" });
    expect(first.output).toMatch(/^> set ann hello\ncreated, version/m);
    expect(await server.command("get", "silent-connection:ann")).toBe("hello");
    const second = await run({ store: server.url, input: "set ann again\nset ann again" });
    expect(second.output).toMatch(/^> set ann again\nrefused: there is one already, "hello", version/m);
    expect(second.output).toMatch(/^> set ann again\nreplaced, version/m);
    expect(await server.command("get", "silent-connection:ann")).toBe("again");
  });

  test("on a silent connection a bare client waits, and the checked handler answers", async () => {
    await using server = await startRedis();
    const { exitCode, output, errors } = await run({ store: server.url, args: ["--demo"] });
    expect(errors).toBe("");
    expect(output).toMatch(/ioredis as it comes +still waiting after \d+ ms +still waiting after \d+ ms/);
    expect(output).toMatch(/idle for a second +"still here" after \d+ ms +"still here" after \d+ ms/);
    expect(output).toMatch(/in the midst of work +timeout after \d+ ms +"still here" after \d+ ms/);
    expect(output).toMatch(/3 silent connections have been cut.*\n +ioredis as it comes +PONG after \d+ ms/);
    expect(exitCode).toBe(0);
    expect(await server.command("dbsize")).toBe(0);
  });

  test("after silence the commands go on", async () => {
    await using server = await startRedis();
    const { exitCode, output } = await run({ store: server.url, input: "set ann hello\nsilence\nget ann\nheal" });
    expect(output).toMatch(/^> get ann\n"hello", version/m);
    expect(output).toMatch(/^> heal\n3 silent connections have been cut/m);
    expect(exitCode).toBe(0);
  });

  test("a server that refuses connections is reported with the reason, and without the password", async () => {
    const server = await startRedis();
    await server.stop();
    const result = await run({ store: `redis://user:secret@127.0.0.1:${server.port}` });
    expectSentence(result, /^Redis at 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED.*\n$/);
    expect(result.errors).not.toContain("secret");
  });

  test("a server that never answers is given up", async () => {
    await using proxy = await startProxy({ port: 1 });
    proxy.newConnections = "silent";
    expectSentence(await run({ store: proxy.url }), /^Redis at \S+ cannot be reached: .*2000 ms.*\n$/);
  });
});

test.each(["mysql://localhost", "redis://", "nonsense"])("SESSION_STORE=%s names what is supported", async (store) => {
  expectSentence(await run({ store }), /memory: .*redis:\/\/localhost:6379/);
});
