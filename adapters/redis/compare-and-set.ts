import type { Redis } from "ioredis";
import type { ConditionalChange } from "./conditional-change.ts";
import type { RedisConnections } from "./connection.ts";
import { isReplyOf, rejectInOurTerms } from "./errors.ts";
import { isUnavailable, type OwnCommand } from "./own-commands.ts";
import type { RecentBytes } from "./recent-bytes.ts";
import { type Answer, ScriptSender } from "./scripts.ts";
import type { ServerAbilities } from "./server-abilities.ts";
import { type StoredBytes, textOrBytes } from "./stored-bytes.ts";
import { sessionOf } from "./versioned.ts";

/**
 * Makes conditional changes, each in one atomic step: with a command of the server if it has one, else with a script. A
 * server that does not know a command has not executed it, so the next means is tried.
 */
export class CompareAndSet {
  readonly #connections: RedisConnections;
  readonly #abilities: ServerAbilities;
  readonly #recent: RecentBytes;
  readonly #scripts = new ScriptSender();

  constructor(connections: RedisConnections, abilities: ServerAbilities, recent: RecentBytes) {
    this.#connections = connections;
    this.#abilities = abilities;
    this.#recent = recent;
  }

  make<Result>(change: ConditionalChange<Result>): Promise<Result> {
    change.call.notSentYet();
    return this.#send(change, change.replaces === undefined ? "" : this.#recent.bytesOf(change.replaces));
  }

  /** `old`: the bytes to be replaced, if they are known; none for a creation. */
  #send<Result>(change: ConditionalChange<Result>, old: StoredBytes | undefined): Promise<Result> {
    let asked: Redis | undefined;
    let own: OwnCommand | undefined;
    const sent = this.#connections.send(change.key, change.call, (client) => {
      asked = client;
      own = old === undefined ? undefined : this.#abilities.commandAmong(change.ownCommands, client);
      return own && old !== undefined
        ? own.send(client, change, old)
        : this.#scripts.send(client, change.key, change.script(change.replaces === undefined ? undefined : old));
    });
    return sent.then(
      (reply) => {
        const answer = own ? own.read(reply) : (reply as Answer); // as the scripts return it
        if (answer === undefined) return this.#look(change);
        return answer === 1 ? change.done() : change.refused(sessionOf(answer[0], this.#recent));
      },
      (error: unknown) => {
        if (asked && isReplyOf(error, ["NOSCRIPT"])) {
          this.#scripts.tellAgain(asked);
          return this.#send(change, old);
        }
        if (!isUnavailable(error)) return rejectInOurTerms(error);
        if (own && asked) {
          this.#abilities.refused(own, asked);
          return this.#send(change, old);
        }
        return old === undefined ? this.#look(change) : rejectInOurTerms(error); // with the bytes, a command may do without a script
      },
    );
  }

  /**
   * Runs after a refusal, which has changed nothing, or when the bytes must be fetched first. If the current bytes are
   * the ones to be replaced, the change is tried with them.
   */
  async #look<Result>(change: ConditionalChange<Result>): Promise<Result> {
    const reply = await this.#connections
      .send(change.key, change.call, (client) => client.getBuffer(change.key))
      .catch(rejectInOurTerms);
    const current = sessionOf(reply, this.#recent);
    if (reply === null || current?.version !== change.replaces) return change.refused(current);
    return this.#send(change, textOrBytes(reply));
  }
}
