import type { Redis } from "ioredis";
import type { OwnCommand } from "./own-commands.ts";

type CommandName = OwnCommand["name"];

/** Tracks the commands that servers lack, by connection, because the next connection may lead to another server. */
export class ServerAbilities {
  readonly #missing = new WeakMap<Redis, Set<CommandName>>();

  /**
   * Asks a server for its version, which saves the first change on each connection a trial. If it does not answer, for
   * instance without permission for INFO, the commands are tried.
   */
  async learn(client: Redis): Promise<void> {
    const info = await client.info("server").catch(() => "");
    const names = missingIn(info);
    if (names.length > 0) this.#missing.set(client, new Set(names));
  }

  /** Returns the first command that the server may have. */
  commandAmong(commands: readonly OwnCommand[], client: Redis): OwnCommand | undefined {
    const names = this.#missing.get(client);
    for (const command of commands) {
      if (!names?.has(command.name) && !losesPrefix(command.name, client)) return command;
    }
    return undefined;
  }

  /** Remembers that the server has refused a command, which it therefore has not executed. */
  refused({ name }: OwnCommand, client: Redis): void {
    this.#missing.set(client, (this.#missing.get(client) ?? new Set()).add(name));
  }
}

function missingIn(info: string): CommandName[] {
  const valkey = versionIn(info, "valkey");
  const redis = versionIn(info, "redis"); // Valkey reports here the Redis version that it is compatible with
  if (redis === undefined) return [];
  const since = { "SET NX GET": redis >= 7, "SET IFEQ": redis >= 8.04, DELIFEQ: false, DELEX: redis >= 8.04 };
  if (valkey !== undefined) Object.assign(since, { "SET IFEQ": valkey >= 8.01, DELIFEQ: valkey >= 9, DELEX: false });
  return (Object.keys(since) as CommandName[]).filter((name) => !since[name]);
}

/** Returns the version of a server, with 8.1 as 8.01, so that 8.10 is greater. */
function versionIn(info: string, server: "redis" | "valkey"): number | undefined {
  const [, major, minor] = new RegExp(`^${server}_version:(\\d+)\\.(\\d+)`, "m").exec(info) ?? [];
  return major === undefined ? undefined : Number(major) + Number(minor) / 100;
}

/**
 * Returns true if the driver does not add its prefix: it adds one only to the keys of commands that it knows, and not
 * all of its versions know these.
 */
function losesPrefix(name: CommandName, client: Redis): boolean {
  return (name === "DELIFEQ" || name === "DELEX") && Boolean(client.options.keyPrefix);
}
