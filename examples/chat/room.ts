import type { SocketSession } from "sessionwire/ws";
import { WebSocket } from "ws";
import type { ChatAttributes } from "./attributes.ts";
import type { News, Said } from "./messages.ts";
import type { Neighbours, RoomNews, Tab } from "./neighbours.ts";
import type { RateLimit } from "./rate-limit.ts";

/** Somebody's tab, with its socket. */
export interface Member {
  /** Counts the tabs of this process. */
  readonly number: number;
  readonly socket: WebSocket;
  readonly session: SocketSession<ChatAttributes>;
  readonly limit: RateLimit;
  /** Milliseconds since 1970. */
  readonly enteredAt: number;
  readonly person: string;
  readonly user: string;
  /** As it was when the member came in or did something; what counts is in the session. */
  name: string;
}

const keptMessages = 50;

/** The one room: who is in it, in this process and in the others, and what was said last. */
export class Room {
  readonly #neighbours: Neighbours;
  readonly #members = new Map<WebSocket, Member>();
  /** By process. */
  readonly #tabsElsewhere = new Map<number, readonly Tab[]>();
  readonly #said: Said[] = [];
  #onChange: () => void = () => {};

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
    neighbours.subscribe((news) => this.#hear(news));
  }

  get process(): number | undefined {
    return this.#neighbours.process;
  }

  get said(): readonly Said[] {
    return this.#said;
  }

  /** Those whose sockets are in this process. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** All that are open, in all processes. */
  get tabs(): readonly Tab[] {
    return [this.#tabsHere(), ...this.#tabsElsewhere.values()].flat();
  }

  memberOf(socket: WebSocket): Member | undefined {
    return this.#members.get(socket);
  }

  /** Calls the function whenever somebody has come or gone. */
  subscribe(onChange: () => void): void {
    this.#onChange = onChange;
  }

  enter(member: Member): void {
    this.#members.set(member.socket, member);
    this.#changed();
  }

  leave({ socket }: Member): void {
    if (this.#members.delete(socket)) this.#changed();
  }

  say(said: Said): void {
    this.#neighbours.tell({ type: "said", said });
    this.#keep(said);
  }

  /** All tabs of a person hear of the new name. */
  rename(person: string, name: string): void {
    this.#neighbours.tell({ type: "renamed", person, name });
    this.#setName(person, name);
  }

  #hear(news: RoomNews): void {
    if (news.type === "said") this.#keep(news.said);
    else if (news.type === "renamed") this.#setName(news.person, news.name);
    else {
      this.#tabsElsewhere.set(news.process, news.tabs);
      this.#tellPeople();
    }
  }

  #keep(said: Said): void {
    this.#said.push(said);
    if (this.#said.length > keptMessages) this.#said.shift();
    this.#tellAll({ type: "said", said });
  }

  #setName(person: string, name: string): void {
    for (const member of this.members.filter((other) => other.person === person)) {
      member.name = name;
      tell(member.socket, { type: "renamed", name });
    }
    this.#changed();
  }

  /** Somebody has come, gone or changed in this process. */
  #changed(): void {
    const { process } = this;
    if (process !== undefined) this.#neighbours.tell({ type: "tabs", process, tabs: this.#tabsHere() });
    this.#tellPeople();
  }

  /** Each user once, however many tabs and browsers there are. */
  #tellPeople(): void {
    const names = new Map(this.tabs.map(({ user, name }) => [user, name]));
    this.#tellAll({ type: "people", names: [...names.values()] });
    this.#onChange();
  }

  #tellAll(news: News): void {
    for (const { socket } of this.members) tell(socket, news);
  }

  #tabsHere(): readonly Tab[] {
    return this.members.map(({ number, person, user, name, enteredAt }) => ({
      process: this.process,
      number,
      person,
      user,
      name,
      enteredAt,
    }));
  }
}

/** Sends to a socket that is open. */
export function tell(socket: WebSocket, news: News): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(news));
}
