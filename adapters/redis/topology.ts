import type { NatMap } from "ioredis";
import { SessionError } from "sessionwire";
import { safeCause } from "sessionwire/backend";
import { replyIn } from "./errors.ts";
import { knownWords } from "./known-words.ts";
import { SLOTS } from "./slots.ts";

/** The owners of all slots, as one server reported them. */
export interface Topology {
  /** The name of each slot's master: host and port, as reached from here. */
  readonly slots: (string | undefined)[];
  readonly masters: ReadonlySet<string>;
  /** The names of masters and replicas. */
  readonly all: ReadonlySet<string>;
}

/** The address of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

export function addressOf(name: string): Address {
  const colon = name.lastIndexOf(":"); // an IPv6 address contains several colons
  return { host: name.slice(0, colon), port: Number(name.slice(colon + 1)) };
}

/** Translates an announced address into the reachable one, by the option `natMap` of ioredis. */
export function renaming(natMap: NatMap | undefined): (address: Address) => Address {
  return (address) => {
    const name = nameOf(address);
    return (typeof natMap === "function" ? natMap(name) : natMap?.[name]) ?? address;
  };
}

/**
 * Reads the reply to CLUSTER SLOTS. The host of the server `asked` is used if the server does not know its own.
 * https://redis.io/docs/latest/commands/cluster-slots/
 */
export function parseTopology(reply: unknown, asked: Address, rename: (name: string) => string): Topology {
  const slots: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  const masters = new Set<string>();
  const all = new Set<string>();
  for (const range of Array.isArray(reply) ? reply : []) {
    const [first, last, ...servers] = range as [number, number, ...[string | null, number][]]; // as documented by Redis
    const names = servers
      .filter(([host]) => host !== "?")
      .map(([host, port]) => rename(nameOf({ host: host || asked.host, port })));
    const [master] = names;
    if (master === undefined) continue;
    slots.fill(master, first, last + 1);
    masters.add(master);
    for (const name of names) all.add(name);
  }
  if (masters.size === 0) throw new SessionError("unavailable", "The Redis server does not know a master with slots.");
  return { slots, masters, all };
}

/** The target of a redirection: `MOVED` is permanent, `ASK` applies to one command. */
export interface Redirection {
  readonly kind: "MOVED" | "ASK";
  readonly slot: number;
  readonly to: Address;
}

/** Reads an error as a redirection, if it is one: nothing has been executed then. */
export function redirectionOf(error: unknown, from: Address): Redirection | undefined {
  const { word: kind, rest = "", isOfScript } = replyIn(error) ?? {};
  if ((kind !== "MOVED" && kind !== "ASK") || isOfScript) return undefined;
  const [, slot, name] = /^(\d+) (\S*:\d+)$/.exec(rest) ?? [];
  if (slot === undefined || name === undefined) return undefined;
  const { host, port } = addressOf(name);
  return { kind, slot: Number(slot), to: { host: host || from.host, port } };
}

/** Translates an error of a Cluster whose servers redirect to one another without end. */
export function endlessRedirection(error: unknown): SessionError {
  const cause = safeCause(error, knownWords);
  const message = "The servers of the Redis Cluster do not agree on the owner of the key.";
  return new SessionError("unavailable", message, { cause, outcome: "not-applied" });
}
