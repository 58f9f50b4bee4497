import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of a bench, which answers one question at a time. */
export interface BenchProcess<Greeting = unknown> {
  /** The first message, which reports that it is ready. */
  readonly greeting: Greeting;
  ask<Answer>(question: unknown): Promise<Answer>;
  /** Returns the processor time of all its threads since its start, in microseconds. */
  cpu(): Promise<number>;
  end(): Promise<void>;
}

/**
 * Starts a module in a separate process, which calls {@link serveQuestions}. It can collect its garbage if this process
 * can.
 */
export async function startProcess<Greeting>(
  module: URL,
  env: Readonly<Record<string, string>> = {},
): Promise<BenchProcess<Greeting>> {
  const child = fork(module, {
    execArgv: ["--import", "tsx", ...(globalThis.gc ? ["--expose-gc"] : [])],
    env: { ...process.env, ...env },
  });
  // A process that ends by itself has not done its work: the bench then ends with an error, and shows no figures.
  child.on("exit", (code, signal) => {
    if (code !== 0) throw new Error(`A process of the bench has ended with ${code ?? signal}.`);
  });
  const [greeting] = await once(child, "message");
  return {
    greeting,
    ask: (question) => ask(child, question),
    cpu: () => ask(child, "cpu"),
    async end() {
      const ended = once(child, "exit");
      child.send("end");
      await ended;
    },
  };
}

/** Answers the questions of the bench to this process, which lives until the bench ends it. */
export function serveQuestions<Question>(greeting: unknown, answer: (question: Question) => unknown): void {
  process.on("disconnect", () => process.exit());
  process.on("message", async (question) => {
    if (question === "end") process.exit();
    const { user, system } = process.cpuUsage();
    process.send?.(question === "cpu" ? user + system : ((await answer(question as Question)) ?? "done"));
  });
  process.send?.(greeting);
}

async function ask<Answer>(child: ChildProcess, question: unknown): Promise<Answer> {
  const answered = once(child, "message");
  child.send(question as object); // any value that a message can be
  const [answer] = await answered;
  return answer;
}
