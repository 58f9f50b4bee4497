import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of its own that is asked and answers by messages. */
export interface Process extends Disposable {
  /** Its next message. Rejects when it ends before. */
  next<Message>(): Promise<Message>;
  send(message: string): void;
}

/** Starts a script, with the variables added to its environment, and flags for Node. */
export function startProcess(script: URL, env: Record<string, string>, flags: readonly string[] = []): Process {
  const child = fork(script.pathname, {
    execArgv: ["--import", "tsx", ...flags],
    env: { ...process.env, ...env },
  });
  const messages: unknown[] = [];
  child.on("message", (message) => messages.push(message));
  return {
    async next<Message>() {
      while (messages.length === 0) await messageOrEnd(child);
      return messages.shift() as Message; // what the script says
    },
    send: (message) => void child.send(message),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

/** Runs a script in one process for each name: they begin together when all are ready. Gives their reports, in that order. */
export async function runTogether<Report>(
  script: URL,
  names: readonly string[],
  env: Record<string, string>,
): Promise<Report[]> {
  const running = names.map((name) => startProcess(script, { ...env, PROCESS_NAME: name }));
  try {
    await Promise.all(running.map((each) => each.next()));
    for (const each of running) each.send("begin");
    return await Promise.all(running.map((each) => each.next<Report>()));
  } finally {
    for (const each of running) each[Symbol.dispose]();
  }
}

/** In such a process: says that it is ready, and resolves when it is to begin. */
export async function begin(): Promise<void> {
  process.send?.("ready");
  await once(process, "message");
}

/** In such a process: the last message. */
export function end(report: unknown): void {
  process.send?.(report);
  process.disconnect?.();
}

async function messageOrEnd(child: ChildProcess): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`A process ended with code ${code}.`);
  });
  ended.catch(() => {}); // looked at only as long as the race is on
  try {
    await Promise.race([once(child, "message", { signal }), ended]);
  } finally {
    controller.abort();
  }
}
