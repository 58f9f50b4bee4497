import type { SessionDraft } from "sessionwire";
import type { SocketSession } from "sessionwire/ws";
import type { RawData, WebSocket, WebSocketServer } from "ws";
import { type ChatAttributes, cleanName, cleanText } from "./attributes.ts";
import type { Backend } from "./backend.ts";
import { tellFailure } from "./failures.ts";
import { readWish, type Wish } from "./messages.ts";
import type { Panels } from "./panels.ts";
import { RateLimit } from "./rate-limit.ts";
import { type Member, type Room, tell } from "./room.ts";

/** Serves the sockets that `attachSessions` lets in. */
export class Chat {
  readonly #room: Room;
  readonly #panels: Panels;
  readonly #trial: Backend["trial"];
  #count = 0;

  constructor(room: Room, panels: Panels, trial: Backend["trial"]) {
    this.#room = room;
    this.#panels = panels;
    this.#trial = trial;
  }

  serve(wss: WebSocketServer): void {
    wss.on("connection", (socket: WebSocket, _request: unknown, session: SocketSession<ChatAttributes>) => {
      // A page that could not be let in tries again.
      this.#letIn(socket, session).catch(() => socket.close(1013, "The session could not be read."));
    });
  }

  async #letIn(socket: WebSocket, session: SocketSession<ChatAttributes>): Promise<void> {
    const { name, person } = whoIs(await session.open());
    if (session.signal.aborted) return;
    this.#count += 1;
    const member: Member = { number: this.#count, socket, session, enteredAt: performance.now(), name, person };
    const limit = new RateLimit({ burst: 10, everyMs: 500 });
    // What has arrived meanwhile was kept, and comes now.
    socket.on("message", (data: RawData) => this.#hear(member, limit, String(data)));
    socket.on("close", () => {
      this.#room.leave(member);
      this.#panels.refresh();
    });
    tell(socket, { type: "welcome", person, name, said: this.#room.said });
    this.#room.enter(member);
    this.#panels.refresh();
  }

  /** Answers each wish: with `done`, or with a sentence for the person who sits there. */
  async #hear(member: Member, limit: RateLimit, text: string): Promise<void> {
    const wish = readWish(text);
    if (wish === undefined) return member.socket.close(1003, "That was no message of this chat.");
    const { number } = wish;
    const failure = limit.take() ? await this.#fulfil(member, wish) : "That was too fast. Wait a moment.";
    tell(member.socket, failure === undefined ? { type: "done", number } : { type: "failed", number, text: failure });
  }

  /** What has failed, or `undefined`. */
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

  /** Counts the message in the session, by which we learn the name that its sender has now. */
  async #say(member: Member, given: unknown): Promise<string | undefined> {
    const text = cleanText(given);
    if (text === undefined) return "A message has 1 to 1000 characters.";
    try {
      const sender = await member.session.update((session) => {
        session.update("chat.sent", (sent = 0) => sent + 1);
        return whoIs(session);
      });
      Object.assign(member, sender);
      this.#room.say({ ...sender, text, at: Date.now() });
      return undefined;
    } catch (error) {
      return tellFailure(error, { notDone: "Your message was not sent.", unknown: "Your message was not sent." });
    }
  }

  async #rename({ session }: Member, given: unknown): Promise<string | undefined> {
    const name = cleanName(given);
    if (name === undefined) return "A name has 1 to 40 characters.";
    try {
      await session.update((draft) => draft.set("chat.name", name));
      this.#room.rename(session.id, name);
      return undefined;
    } catch (error) {
      return tellFailure(error, {
        notDone: "Your new name was not saved.",
        unknown: "Your new name may have been saved, or not: reload the page to see.",
      });
    }
  }

  async #silence(): Promise<string | undefined> {
    if (this.#trial === undefined) return "There is no connection that could fall silent.";
    try {
      await this.#trial.silence();
      return undefined;
    } catch {
      return "Redis does not answer now.";
    }
  }
}

function whoIs(session: SessionDraft<ChatAttributes>): { readonly name: string; readonly person: string } {
  return { name: session.get("chat.name") ?? "", person: session.get("chat.person") ?? "" };
}
