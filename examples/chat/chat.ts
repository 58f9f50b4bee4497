import type { SessionDraft } from "sessionwire";
import type { SocketSession } from "sessionwire/ws";
import type { WebSocket } from "ws";
import { type ChatAttributes, cleanName, cleanText } from "./attributes.ts";
import type { Backend } from "./backend.ts";
import { tellFailure } from "./failures.ts";
import { readWish, type Wish } from "./messages.ts";
import { RateLimit } from "./rate-limit.ts";
import { type Member, type Room, tell } from "./room.ts";

/** Serves the sockets that `attachSessions` accepts. */
export class Chat {
  readonly #room: Room;
  readonly #trial: Backend["trial"];
  #count = 0;

  constructor(room: Room, trial: Backend["trial"]) {
    this.#room = room;
    this.#trial = trial;
  }

  /**
   * Messages that arrive meanwhile wait. If the store does not answer, the socket is closed, and the page tries again.
   */
  async letIn(socket: WebSocket, session: SocketSession<ChatAttributes>): Promise<void> {
    const who = whoIs(await session.open());
    if (session.signal.aborted) return;
    this.#count += 1;
    const limit = new RateLimit({ burst: 10, everyMs: 500 });
    const member: Member = { number: this.#count, socket, session, limit, enteredAt: Date.now(), ...who };
    session.signal.addEventListener("abort", () => this.#room.leave(member));
    tell(socket, { type: "welcome", person: who.person, name: who.name, said: this.#room.said });
    this.#room.enter(member);
  }

  /** Answers each wish: with `done`, or with a sentence for the user. */
  async hear(socket: WebSocket, message: string | Buffer): Promise<void> {
    const wish = readWish(String(message));
    if (wish === undefined) return socket.close(1003, "This was not a message of this chat.");
    const { number } = wish;
    const member = this.#room.memberOf(socket);
    if (member === undefined) return; // the socket has closed
    const failure = member.limit.take()
      ? await this.#attempt(member, wish)
      : "That was too fast. Please wait a moment.";
    tell(socket, failure === undefined ? { type: "done", number } : { type: "failed", number, text: failure });
  }

  /**
   * Carries out a wish, and returns a sentence about a failure, or `undefined`. A bug in this program must not leave a
   * page waiting.
   */
  async #attempt(member: Member, wish: Wish): Promise<string | undefined> {
    try {
      return await this.#fulfil(member, wish);
    } catch (error) {
      console.error(error);
      return "Something went wrong on the server.";
    }
  }

  async #fulfil(member: Member, wish: Wish): Promise<string | undefined> {
    switch (wish.type) {
      case "say":
        return this.#say(member, wish.text);
      case "rename":
        return this.#rename(member, wish.name);
      case "silence":
        return this.#silence();
      case "heal":
        this.#trial?.heal();
        return undefined;
    }
  }

  /** Counts the message in the session, which also returns the current name of its sender. */
  async #say(member: Member, given: unknown): Promise<string | undefined> {
    const text = cleanText(given);
    if (text === undefined) return "A message has 1 to 1000 characters.";
    try {
      const sender = await member.session.change((session) => {
        session.update("chat.sent", (sent = 0) => sent + 1);
        return whoIs(session);
      });
      member.name = sender.name;
      this.#room.say({ person: sender.person, name: sender.name, text, at: Date.now() });
      return undefined;
    } catch (error) {
      return tellFailure(error, { notDone: "Your message was not sent.", unknown: "Your message was not sent." });
    }
  }

  async #rename({ session, person }: Member, given: unknown): Promise<string | undefined> {
    const name = cleanName(given);
    if (name === undefined) return "A name has 1 to 40 characters.";
    try {
      await session.change((draft) => draft.set("chat.name", name));
      this.#room.rename(person, name);
      return undefined;
    } catch (error) {
      return tellFailure(error, {
        notDone: "Your new name was not saved.",
        unknown: "Your new name may have been saved, or not: reload the page to see.",
      });
    }
  }

  async #silence(): Promise<string | undefined> {
    if (this.#trial === undefined) return "There is no connection that could be silenced.";
    try {
      await this.#trial.silence();
      return undefined;
    } catch {
      return "Redis is not answering at the moment.";
    }
  }
}

function whoIs(session: SessionDraft<ChatAttributes>): Pick<Member, "name" | "person" | "user"> {
  return {
    name: session.get("chat.name") ?? "",
    person: session.get("chat.person") ?? "",
    user: session.get("chat.user") ?? "",
  };
}
