import type { Call } from "sessionwire/backend";

/** A command of Redis with its arguments. */
export type Command = readonly (string | number)[];

/** A command that waits to be sent. */
export interface QueuedCommand {
  readonly call: Call;
  /** The command as JSON, as it is written into a request. */
  readonly text: string;
  /** Settles the caller in the same way as `request`. From here on, the command counts as sent. */
  settleBy(request: () => Promise<unknown>): void;
}

/**
 * Maximum number of commands in a request. Upstash also limits the size of an answer, which is not known beforehand:
 * this many sessions of 4 KB take half a megabyte.
 */
const MAX_COMMANDS = 128;

/**
 * Maximum number of characters of several commands in a request, up to twice as many bytes: half of the 1 MB that
 * Upstash allows in every plan. https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded
 */
const MAX_CHARACTERS = 262_144;

/**
 * Number of microtasks without a command after which a turn is over: callers reach their command after chains of
 * different length.
 */
const QUIET_MICROTASKS = 16;

/**
 * Gathers the commands of one turn of the event loop, in order. A call that ends before they are sent is left out.
 *
 * @remarks
 * There is no timer: on Cloudflare Workers, a request must not wait for another request's work, and all commands of a
 * turn belong to one request.
 */
export class CommandQueue {
  readonly #send: (commands: readonly QueuedCommand[]) => void;
  #waiting: QueuedCommand[] = [];
  #quietMicrotasks = 0;

  constructor(send: (commands: readonly QueuedCommand[]) => void) {
    this.#send = send;
  }

  add(call: Call, command: Command): Promise<unknown> {
    const text = JSON.stringify(command);
    if (this.#waiting.length === 0) queueMicrotask(this.#wait);
    this.#quietMicrotasks = 0;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, text, settleBy: (request) => void call.send(request).then(resolve, reject) });
    });
  }

  readonly #wait = (): void => {
    this.#quietMicrotasks += 1;
    if (this.#quietMicrotasks < QUIET_MICROTASKS) {
      queueMicrotask(this.#wait);
      return;
    }
    const commands = this.#waiting.filter(({ call }) => !call.ended);
    this.#waiting = [];
    for (const group of groupsOf(commands)) this.#send(group);
  };
}

/**
 * Splits commands that exceed one request. A single command that exceeds it is not split: Upstash decides whether to
 * accept it.
 */
function groupsOf(commands: readonly QueuedCommand[]): QueuedCommand[][] {
  const groups: QueuedCommand[][] = [];
  let group: QueuedCommand[] = [];
  let characters = 0;
  for (const command of commands) {
    if (group.length === MAX_COMMANDS || characters + command.text.length > MAX_CHARACTERS) {
      groups.push(group);
      group = [];
      characters = 0;
    }
    group.push(command);
    characters += command.text.length;
  }
  groups.push(group);
  return groups;
}
