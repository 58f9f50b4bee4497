import { SessionError } from "sessionwire";
import { clientOf, type MakeClient, type UpstashClient, type UpstashSource } from "./source.ts";

/** The requests of a handler. */
export interface UpstashRequests {
  /** The most that were under way at a time. */
  readonly most: number;
  /** Sends one command, as one request that ends with its signal. */
  send<T>(signal: AbortSignal, command: (client: UpstashClient) => Promise<T>): Promise<T>;
  /** As `send`, for what does not count. */
  sendExtra<T>(signal: AbortSignal, command: (client: UpstashClient) => Promise<T>): Promise<T>;
  /** Says that no other connections are open than those that are in use. */
  forgetMost(): void;
}

/**
 * Makes a client whose requests have a signal each, though the client takes one for all of them: it asks for it in the turn in
 * which a command is given, so what it is answered is the signal of that command. All requests are those of one client, which
 * hands on the token by which they see each other's writes.
 *
 * @throws `TypeError` for a source that cannot be used, or a client that does not ask in that turn.
 */
export function createRequests(makeClient: MakeClient, source: UpstashSource): UpstashRequests {
  let signalOfCommand: (() => AbortSignal) | undefined;
  const client = clientOf(makeClient, source, () => {
    if (signalOfCommand) return signalOfCommand();
    throw new SessionError("unavailable", "The Upstash client has asked too late for a signal; nothing was sent.", {
      outcome: "not-applied",
    });
  });
  checkAsks();
  let underWay = 0;
  let most = 1;
  return {
    get most() {
      return most;
    },
    async send(signal, command) {
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        return await giveCommand(() => signal, command);
      } finally {
        underWay -= 1;
      }
    },
    sendExtra: (signal, command) => giveCommand(() => signal, command),
    forgetMost() {
      most = Math.max(1, underWay);
    },
  };

  function giveCommand<T>(askForSignal: () => AbortSignal, command: (client: UpstashClient) => Promise<T>): Promise<T> {
    signalOfCommand = askForSignal;
    try {
      return command(client);
    } finally {
      signalOfCommand = undefined;
    }
  }

  /** Gives a command whose request is refused its signal, so that nothing is sent. */
  function checkAsks(): void {
    let hasAsked = false;
    const refuse = () => {
      hasAsked = true;
      throw new SessionError("failed", "This is not to be sent.");
    };
    giveCommand(refuse, async (client) => client.ping()).catch(() => {});
    if (hasAsked) return;
    throw new TypeError(
      "The Upstash client does not ask for a signal when a command is given. It must be made with the options that the function is called with, by @upstash/redis 1.35.1 or newer.",
    );
  }
}
