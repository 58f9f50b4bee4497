import type { NatMap } from "ioredis";
import { SessionError } from "sessionwire";
import { replyIn } from "./errors.ts";
import { SLOTS } from "./slots.ts";

/** Which server has which slots, as one server has told it. */
export interface Topology {
  /** By slot, the name of its master: host and port, as they are reached from here. */
  readonly slots: (string | undefined)[];
  readonly masters: ReadonlySet<string>;
  /** Masters and replicas. */
  readonly all: ReadonlySet<string>;
}

/** Where a server is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

export function addressOf(name: string): Address {
  const colon = name.lastIndexOf(":"); // an IPv6 address has more of them
  return { host: name.slice(0, colon), port: Number(name.slice(colon + 1)) };
}

/** Where a server is reached that is said to be somewhere else, by the option `natMap` of ioredis. */
export function renaming(natMap: NatMap | undefined): (address: Address) => Address {
  return (address) => {
    const name = nameOf(address);
    return (typeof natMap === "function" ? natMap(name) : natMap?.[name]) ?? address;
  };
}

/**
 * Reads the reply to CLUSTER SLOTS of the server `asked`, whose host stands for itself where it does not know its own.
 * https://redis.io/docs/latest/commands/cluster-slots/
 */
export function parseTopology(reply: unknown, asked: Address, rename: (name: string) => string): Topology {
  const slots: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  const masters = new Set<string>();
  const all = new Set<string>();
  for (const range of Array.isArray(reply) ? reply : []) {
    const [first, last, ...servers] = range as [number, number, ...[string | null, number][]]; // as Redis documents it
    const names = servers
      .filter(([host]) => host !== "?")
      .map(([host, port]) => rename(nameOf({ host: host || asked.host, port })));
    const [master] = names;
    if (master === undefined) continue;
    slots.fill(master, first, last + 1);
    masters.add(master);
    for (const name of names) all.add(name);
  }
  if (masters.size === 0) throw new SessionError("unavailable", "The Redis server knows of no master with slots.");
  return { slots, masters, all };
}

/** Where a server has sent us: `MOVED` for good, or `ASK` for this once. */
export interface Redirection {
  readonly kind: "MOVED" | "ASK";
  readonly slot: number;
  readonly to: Address;
}

/** What an error says, if it is a redirection: nothing has been executed then. */
export function redirectionOf(error: unknown, from: Address): Redirection | undefined {
  const { word: kind, rest = "", isOfScript } = replyIn(error) ?? {};
  if ((kind !== "MOVED" && kind !== "ASK") || isOfScript) return undefined;
  const [, slot, name] = /^(\d+) (\S*:\d+)$/.exec(rest) ?? [];
  if (slot === undefined || name === undefined) return undefined;
  const { host, port } = addressOf(name);
  return { kind, slot: Number(slot), to: { host: host || from.host, port } };
}
