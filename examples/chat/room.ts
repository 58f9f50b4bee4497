import type { SocketSession } from "sessionwire/ws";
import { WebSocket } from "ws";
import type { ChatAttributes } from "./attributes.ts";
import type { News, Said } from "./messages.ts";

/** Somebody's tab. */
export interface Member {
  /** Counts the tabs since the start. */
  readonly number: number;
  readonly socket: WebSocket;
  readonly session: SocketSession<ChatAttributes>;
  readonly enteredAt: number;
  /** As they were when the member came in or did something; what counts is in the session. */
  person: string;
  name: string;
}

const keptMessages = 50;

/** The one room of this process: who is in it, and what was said last. */
export class Room {
  readonly #members = new Map<WebSocket, Member>();
  readonly #said: Said[] = [];

  get said(): readonly Said[] {
    return this.#said;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  enter(member: Member): void {
    this.#members.set(member.socket, member);
    this.#tellPeople();
  }

  leave({ socket }: Member): void {
    if (this.#members.delete(socket)) this.#tellPeople();
  }

  say(said: Said): void {
    this.#said.push(said);
    if (this.#said.length > keptMessages) this.#said.shift();
    this.#tellAll({ type: "said", said });
  }

  /** All tabs of the session hear of its new name. */
  rename(sessionId: string, name: string): void {
    for (const member of this.members.filter(({ session }) => session.id === sessionId)) {
      member.name = name;
      tell(member.socket, { type: "renamed", name });
    }
    this.#tellPeople();
  }

  /** Each person once, however many tabs there are. */
  #tellPeople(): void {
    const names = new Map(this.members.map(({ person, name }) => [person, name]));
    this.#tellAll({ type: "people", names: [...names.values()] });
  }

  #tellAll(news: News): void {
    for (const { socket } of this.members) tell(socket, news);
  }
}

/** Sends to a socket that is open. */
export function tell(socket: WebSocket, news: News): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(news));
}
