import { expect, vi } from "vitest";
import { within } from "../laws/within.ts";
import type { Query, Sent, WorkerAnswer, WorkerdHost } from "./workerd-host.ts";

/** A visit that was sent, by the mark that it leaves in the session. */
export interface Visit extends Sent {
  readonly mark: string;
}

/** Visits to one session of a Worker: each counts one up and leaves its mark. */
export class Visits {
  readonly id: string;
  readonly #worker: WorkerdHost;
  readonly #manager: string;
  #count = 0;

  static async create(worker: WorkerdHost, manager: string): Promise<Visits> {
    const id = manager === "express" ? crypto.randomUUID() : "";
    return new Visits(worker, manager, String(await worker.ask({ manager, do: "create", id })));
  }

  private constructor(worker: WorkerdHost, manager: string, id: string) {
    this.id = id;
    this.#worker = worker;
    this.#manager = manager;
  }

  /** Sends one, and does not wait for it. */
  send(what: "update" | "save" | "destroy" | "open" = "update"): Visit {
    this.#count += 1;
    const mark = String(this.#count);
    const query: Query = { manager: this.#manager, do: what, id: this.id, mark };
    return { ...this.#worker.send(query), mark };
  }

  /** Sends so many that are all there before anything else happens. */
  async sendAll(count: number, what: "update" | "save" | "open" = "update"): Promise<Visit[]> {
    const before = await this.#worker.come();
    const sent = Array.from({ length: count }, () => this.send(what));
    await vi.waitUntil(async () => (await this.#worker.come()) >= before + count);
    return sent;
  }

  /** Whether each that was acknowledged has counted once, and no other one twice. */
  async expectCounted(answers: readonly Answered[]): Promise<void> {
    const { n, marks } = (await this.#worker.ask({ manager: this.#manager, do: "look", id: this.id })) as {
      readonly n: number;
      readonly marks: readonly string[];
    };
    expect(new Set(marks).size).toBe(marks.length);
    expect(n).toBe(marks.length);
    expect(marks).toEqual(
      expect.arrayContaining(answers.filter(({ status }) => status === 200).map(({ mark }) => mark)),
    );
  }
}

export type Answered = WorkerAnswer & { readonly mark: string };

export async function answersTo(visits: readonly Visit[]): Promise<Answered[]> {
  return Promise.all(visits.map(async ({ answer, mark }) => ({ ...(await answer), mark })));
}

/** Shorter than the deadline of a call on the store of the test, which is 5 s: nobody has waited for that. */
const SOON_MS = 3000;

export async function soonAnswersTo(visits: readonly Visit[]): Promise<Answered[]> {
  const answers = await within(SOON_MS, answersTo(visits));
  if (answers === "late") throw new Error(`The Worker has not answered within ${SOON_MS} ms.`);
  return answers;
}

/** What came of them: "200", or a code and an outcome. */
export function saidIn(answers: readonly WorkerAnswer[]): string[] {
  return answers.map(({ status, body }) => {
    if (status === 200) return "ok";
    const { code, outcome } = (body ?? {}) as { readonly code?: string; readonly outcome?: string };
    return `${code} ${outcome}`;
  });
}
