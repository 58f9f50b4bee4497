import type { Redis } from "ioredis";
import type { RedisConnections } from "../connection.ts";
import { callWithin, delayAfter, pause } from "./call.ts";
import type { Checks } from "./options.ts";
import { expectMaster, type Wire } from "./wire.ts";

/** Maximum number of messages that are sent together; the next ones wait for one round trip. */
const BATCH = 100;

/** Maximum number of messages that wait for a connection. If there are more, all of them are replaced by one gap. */
const MAX_WAITING = 1000;

export interface PublisherHost extends Checks {
  readonly connections: RedisConnections;
  readonly wire: Wire;
  readonly ending: AbortSignal;
  /** The text that announces a possible loss of messages of this publisher. */
  readonly gapText: string;
  onFailure(error: unknown): void;
  onRecovery(): void;
}

/** Sends texts in order, over a connection that is checked after silence; after a failure, they are sent again. */
export class Publisher {
  readonly #host: PublisherHost;
  #waiting: string[] = [];
  /** `true` if texts may have been lost, because they were published on a server that is no longer the master. */
  #owesGap = false;
  #isRunning = false;
  #running: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  #hasFailed = false;
  #checkedAt: number | undefined;
  /** The connection used for publishing since its last check: its server may no longer be the master. */
  #publishedOn: Redis | undefined;

  constructor(host: PublisherHost) {
    this.#host = host;
  }

  /** The time at which the next check is due; `Infinity` before the first check. */
  get checkDueAt(): number {
    return this.#checkedAt === undefined ? Infinity : this.#checkedAt + this.#host.everyMs;
  }

  /** The server that was last used for publishing, if there are several. */
  get server(): string | undefined {
    const { connections, wire } = this.#host;
    return connections.connectionOf?.(wire.name);
  }

  publish(text: string): void {
    if (this.#waiting.length >= MAX_WAITING) this.#forgetWaiting();
    this.#waiting.push(text);
    this.#start();
  }

  /** Resolves when all texts have been sent or given up. */
  async flush(): Promise<void> {
    await this.#running;
  }

  /** Sends one text at once, a single time, and rejects if that fails. */
  async publishOnce(text: string): Promise<void> {
    await this.check();
    await this.#send([text]);
  }

  /** Checks, if a check is due, that the connection is alive and leads to a master. */
  async check(): Promise<void> {
    const { clock } = this.#host;
    const isFresh = this.#checkedAt !== undefined && clock.monotonic() < this.checkDueAt;
    if (isFresh && !this.#hasFailed) return;
    this.#checking ??= this.#checkNow().finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    const { ending, onFailure, onRecovery } = this.#host;
    for (let failures = 0; !ending.aborted && (this.#owesGap || this.#waiting.length > 0); ) {
      try {
        await this.check();
        await this.#sendNext();
        failures = 0;
        onRecovery();
      } catch (error) {
        if (ending.aborted) break;
        failures += 1;
        onFailure(error);
        await pause(this.#host, delayAfter(failures));
      }
    }
    this.#isRunning = false;
  }

  async #sendNext(): Promise<void> {
    const { gapText } = this.#host;
    const owedGap = this.#owesGap;
    this.#owesGap = false;
    const batch = this.#waiting.splice(0, BATCH);
    try {
      await this.#send(owedGap ? [gapText, ...batch] : batch);
    } catch (error) {
      this.#owesGap ||= owedGap;
      this.#waiting.unshift(...batch); // sending a text again does no harm if it had arrived
      if (this.#waiting.length > MAX_WAITING) this.#forgetWaiting();
      throw error;
    }
  }

  async #send(texts: readonly string[]): Promise<void> {
    const { connections, wire, pingTimeoutMs } = this.#host;
    try {
      await callWithin(this.#host, pingTimeoutMs, (call) =>
        Promise.all(texts.map((text) => wire.publish(connections, text, call, this.#noteUse))),
      );
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  async #checkNow(): Promise<void> {
    const { connections, wire, clock, pingTimeoutMs, reconnectTimeoutMs } = this.#host;
    const mustConnect = this.#hasFailed || this.#checkedAt === undefined;
    try {
      await callWithin(this.#host, mustConnect ? reconnectTimeoutMs : pingTimeoutMs, async (call) => {
        if (this.#hasFailed) await connections.reconnect(this.server, call.signal);
        await connections.send(wire.name, call, this.#checkMaster);
        await connections.ping(this.server, call);
      });
      this.#hasFailed = false;
      this.#checkedAt = clock.monotonic();
    } catch (error) {
      this.#hasFailed = true;
      this.#recordPossibleLoss();
      throw error;
    }
  }

  readonly #noteUse = (client: Redis): void => {
    if (client !== this.#publishedOn) this.#recordPossibleLoss();
    this.#publishedOn = client;
  };

  readonly #checkMaster = async (client: Redis): Promise<void> => {
    if (client !== this.#publishedOn) this.#recordPossibleLoss();
    const before = this.#publishedOn;
    this.#publishedOn = undefined;
    await expectMaster(client).catch((error) => {
      this.#publishedOn = before;
      throw error;
    });
  };

  /** Records that the texts published since the last check may have been lost. */
  #recordPossibleLoss(): void {
    if (this.#publishedOn === undefined) return;
    this.#publishedOn = undefined;
    this.#owesGap = true;
    this.#start();
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    this.#owesGap = true;
  }
}
