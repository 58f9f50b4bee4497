import type { DestroyResult, StoredSession, Version, WriteResult } from "sessionwire";
import type { Call } from "sessionwire/backend";
import { delex, delifeq, type OwnCommand, setIfAbsent, setIfEqual } from "./own-commands.ts";
import type { RecentBytes } from "./recent-bytes.ts";
import { destroyScript, replaceBytesScript, type ScriptCall, writeScript } from "./scripts.ts";
import type { StoredBytes } from "./stored-bytes.ts";
import { written } from "./versioned.ts";

/**
 * A change that is made only if the stored session is the one it replaces: the requests for it, and how to read their
 * replies.
 */
export interface ConditionalChange<Result> {
  readonly key: string;
  readonly call: Call;
  /** The version to be replaced; `undefined` to create. */
  readonly replaces: Version | undefined;
  /** The commands, in the order in which they are tried. */
  readonly ownCommands: readonly OwnCommand[];
  /** `old`: the bytes to be replaced, if they are known. */
  script(old: StoredBytes | undefined): ScriptCall;
  done(): Result;
  refused(current: StoredSession | undefined): Result;
}

/**
 * Maximum size, in bytes, up to which a server compares the bytes in a script faster than it computes a digest of the
 * stored ones. Above it, both take equally long (the Lua of Redis hashes each byte of each string argument, 1.8 ns per
 * byte), and the bytes would be sent for nothing.
 */
const MAX_SCRIPT_BYTES = 4096;

const toCreate = [setIfAbsent];
const toReplace = [setIfEqual];
const toDestroy = [delifeq, delex];

export class Write implements ConditionalChange<WriteResult> {
  readonly key: string;
  readonly bytes: StoredBytes;
  readonly replaces: Version | undefined;
  readonly ttlSeconds: number;
  readonly call: Call;
  readonly #recent: RecentBytes;

  constructor(
    key: string,
    bytes: StoredBytes,
    replaces: Version | undefined,
    ttlSeconds: number,
    call: Call,
    recent: RecentBytes,
  ) {
    this.key = key;
    this.bytes = bytes;
    this.replaces = replaces;
    this.ttlSeconds = ttlSeconds;
    this.call = call;
    this.#recent = recent;
  }

  get ownCommands(): readonly OwnCommand[] {
    return this.replaces === undefined ? toCreate : toReplace;
  }

  script(old: StoredBytes | undefined): ScriptCall {
    return old === undefined || old.length > MAX_SCRIPT_BYTES
      ? { script: writeScript, args: [this.replaces ?? "", this.bytes, this.ttlSeconds] }
      : { script: replaceBytesScript, args: [old, this.bytes, this.ttlSeconds] };
  }

  done(): WriteResult {
    return written(this.bytes, this.#recent);
  }

  refused(current: StoredSession | undefined): WriteResult {
    return { written: false, current };
  }
}

export class Destroy implements ConditionalChange<DestroyResult> {
  readonly key: string;
  readonly replaces: Version;
  readonly call: Call;
  readonly ownCommands: readonly OwnCommand[] = toDestroy;

  constructor(key: string, replaces: Version, call: Call) {
    this.key = key;
    this.replaces = replaces;
    this.call = call;
  }

  script(): ScriptCall {
    return { script: destroyScript, args: [this.replaces] };
  }

  done(): DestroyResult {
    return { destroyed: true };
  }

  refused(current: StoredSession | undefined): DestroyResult {
    return { destroyed: false, current };
  }
}
