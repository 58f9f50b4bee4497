import { vi } from "vitest";
import { startProcess } from "../../processes/processes.ts";
import { type Client, connectClient } from "../client.ts";
import type { Answer, CreatedSession, EndingSession, ProcessState, Question } from "./questions.ts";

/** A socket, and the session that it belongs to. */
export interface OpenSocket {
  readonly client: Client;
  readonly session: CreatedSession;
}

/** A process that lets sockets in, and ends sessions. */
export interface SocketProcess extends Disposable {
  create(count: number): Promise<CreatedSession[]>;
  /** Resolves when all have ended, whatever was in the way. */
  end(sessions: readonly EndingSession[]): Promise<void>;
  state(): Promise<ProcessState>;
  /** Opens a socket for each of the sessions. */
  connect(sessions: readonly CreatedSession[]): Promise<OpenSocket[]>;
}

export interface ProcessOptions {
  /** The URL by which it reaches the sessions. */
  readonly store: string;
  /** The URL of the channel; none by default. */
  readonly channel?: string;
  /** The URL of the channel that hears the keyspace; none by default. */
  readonly keyspace?: string;
  readonly format?: "native" | "express";
  /** By default so rarely that no socket is closed by it. */
  readonly revalidateEverySeconds?: number;
}

/** Two processes with sockets on the same sessions. */
export interface Endings extends Disposable {
  /** Ends the sessions. */
  readonly here: SocketProcess;
  /** Has to close the sockets that it has of them. */
  readonly elsewhere: SocketProcess;
}

const AT_A_TIME = 20;

export async function openEndings(ofHere: ProcessOptions, ofElsewhere: ProcessOptions = ofHere): Promise<Endings> {
  const [here, elsewhere] = await Promise.all([startSocketProcess(ofHere), startSocketProcess(ofElsewhere)]);
  return {
    here,
    elsewhere,
    [Symbol.dispose]() {
      for (const each of [here, elsewhere]) each[Symbol.dispose]();
    },
  };
}

/** Starts such a process, and resolves when its subscription is in force, if it has a channel. */
export async function startSocketProcess(options: ProcessOptions): Promise<SocketProcess> {
  const { store, channel = "", keyspace = "", format = "native", revalidateEverySeconds = 3600 } = options;
  const child = startProcess(new URL("./process.child.ts", import.meta.url), {
    STORE_URL: store,
    CHANNEL_URL: channel,
    KEYSPACE_URL: keyspace,
    FORMAT: format,
    REVALIDATE_SECONDS: String(revalidateEverySeconds),
  });
  const port = await child.next<number>();
  const waiting = new Map<number, (answer: unknown) => void>();
  let asked = 0;
  const listen = async () => {
    for (;;) {
      const { number, answer } = await child.next<Answer>();
      waiting.get(number)?.(answer);
    }
  };
  listen().catch(() => {}); // it has ended, and with it whoever waits for an answer fails by the time of the test
  const ask = <Result>(question: Question): Promise<Result> => {
    asked += 1;
    const answered = new Promise<unknown>((resolve) => waiting.set(asked, resolve));
    child.send(JSON.stringify({ ...question, number: asked }));
    return answered as Promise<Result>; // what the child says
  };
  const running: SocketProcess = {
    create: (count) => ask({ type: "create", count }),
    end: async (sessions) => void (await ask({ type: "end", sessions })),
    state: () => ask({ type: "state" }),
    async connect(sessions) {
      const opened: OpenSocket[] = [];
      for (let start = 0; start < sessions.length; start += AT_A_TIME) {
        const opening = sessions.slice(start, start + AT_A_TIME).map(async (session) => ({
          client: await connectClient(`ws://127.0.0.1:${port}`, { cookie: session.cookie }),
          session,
        }));
        opened.push(...(await Promise.all(opening)));
      }
      return opened;
    },
    [Symbol.dispose]: () => child[Symbol.dispose](),
  };
  const channels = [channel, keyspace].filter((each) => each !== "").length;
  await vi.waitUntil(async () => (await running.state()).gaps >= channels, { timeout: 30_000, interval: 5 });
  return running;
}
