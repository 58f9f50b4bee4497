import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Response, Server } from "memjs";
import type { SessionError } from "sessionwire";
import { changingNothing, ended, lost, refusal } from "./errors.ts";
import { type ItemLimits, limitsFrom } from "./limits.ts";
import { type PendingRequest, PendingRequests, unexpected } from "./pending-requests.ts";
import { opcodes, statuses } from "./protocol.ts";
import { ReplyReader } from "./replies.ts";
import { type MemcachedRequest, noop, settings } from "./requests.ts";
import type { Memjs } from "./source.ts";

/**
 * One connection to one server, used until it is lost. memjs opens and authenticates it; requests and replies are
 * matched here, because memjs leaves callers waiting forever when a connection ends, and keeps its remaining bytes for
 * the next one.
 */
export class MemcachedConnection {
  /** Identifies the connection: a CAS token is valid only on the connection that delivered it. */
  readonly generation: string = randomBytes(8).toString("base64url");
  /** Resolves when the server has answered. */
  readonly opened: Promise<void>;
  readonly #server: Server;
  readonly #socket: Socket;
  readonly #codec: Memjs["Utils"];
  readonly #replies: ReplyReader;
  readonly #pending = new PendingRequests();
  #limits: ItemLimits = limitsFrom(new Map());
  #isOpen = false;
  #isGathering = false;
  #isAuthenticated = false;
  #lost: SessionError | undefined;
  #failOpening: (reason: SessionError) => void = () => {};

  /** Takes a memjs server that nobody else uses. */
  constructor(server: Server, codec: Memjs["Utils"]) {
    this.#server = server;
    this.#codec = codec;
    this.#replies = new ReplyReader(codec);
    server.responseHandler = (chunk) => this.#receive(chunk);
    const authenticated = new Promise<void>((resolve, reject) => {
      this.#failOpening = reject;
      server.sock(false, () => {
        this.#isAuthenticated = true;
        resolve();
      });
    });
    this.#socket = socketOf(server);
    this.#socket.setNoDelay(true);
    this.#socket.on("error", (error) => this.destroy(lost(error)));
    for (const event of ["end", "close"]) this.#socket.on(event, () => this.destroy(ended()));
    this.opened = authenticated.then(() => this.#askForLimits());
    this.opened.catch((error: unknown) => this.destroy(lost(error)));
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.isLost;
  }

  get limits(): ItemLimits {
    return this.#limits;
  }

  /** Sends a request and resolves to its reply, whatever its status; rejects if the connection is lost first. */
  request(request: MemcachedRequest): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#send({
        request,
        reject,
        answer(reply) {
          resolve(reply);
          return true;
        },
      });
    });
  }

  /**
   * Does the same as `request`, for requests that return data: the reply counts only if the next reply starts where it
   * ends. With a corrupted length in its header it would be truncated, or include the data of others.
   */
  async read(request: MemcachedRequest): Promise<Response> {
    const [reply] = await Promise.all([this.request(request), this.request(noop)]);
    return reply;
  }

  /** Ends the connection at once. Requests under way reject. */
  destroy(reason: SessionError): void {
    if (this.#lost) return;
    this.#lost = reason;
    this.#failOpening(reason);
    // The kernel must not deliver its remaining data later, such as the creation of a session that has been destroyed
    // since.
    this.#socket.resetAndDestroy();
    this.#socket.destroy(); // a socket that is still connecting would be reset only once it is connected
    this.#pending.reject(reason);
  }

  #send(pending: PendingRequest): void {
    if (this.#lost) {
      pending.reject(changingNothing(this.#lost));
      return;
    }
    const bytes = pending.request.encode(this.#pending.nextNumber, this.#codec);
    this.#pending.add(pending);
    this.#gatherWrites();
    this.#socket.write(bytes);
  }

  /** Sends all requests of this turn together, because a system call for each costs more than the request itself. */
  #gatherWrites(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.#socket.uncork();
    });
  }

  /**
   * Reads the settings of the server. The reply is one message per setting, then an empty one. It is also the first
   * sign of life.
   */
  async #askForLimits(): Promise<void> {
    const found = new Map<string, string>();
    await new Promise<void>((resolve, reject) => {
      this.#send({
        request: settings,
        reject,
        answer(reply) {
          if (reply.header.status !== statuses.done && !isUnknown(reply)) reject(refusal(reply));
          const isLast = reply.key.length === 0;
          if (isLast) resolve();
          else found.set(reply.key.toString(), reply.val.toString());
          return isLast;
        },
      });
    });
    this.#limits = limitsFrom(found);
    this.#isOpen = true;
  }

  #receive(chunk: Buffer): void {
    try {
      for (const reply of this.#replies.read(chunk)) {
        if (this.#isAuthenticated) this.#pending.answer(reply);
        else this.#authenticate(reply);
      }
    } catch (error) {
      this.destroy(lost(error));
    }
  }

  /**
   * Repeats the steps that memjs takes when it reads the replies itself. A server without authentication refuses
   * neither step.
   */
  #authenticate(reply: Response): void {
    const { opcode, status = 0 } = reply.header;
    if (opcode === opcodes.listMechanisms) this.#server.saslAuth();
    else if (opcode !== opcodes.authenticate) throw unexpected();
    else if (status === statuses.done || isUnknown(reply)) this.#server.emit("authenticated");
    else throw refusal(reply);
  }
}

/**
 * Returns the socket, which exists as soon as memjs starts to connect, although memjs exposes it only after success.
 */
function socketOf(server: Server): Socket {
  const { _socket: socket } = server as Server & { readonly _socket?: Socket };
  if (!socket) throw new TypeError("This version of memjs cannot be used: its server has no socket.");
  return socket;
}

function isUnknown({ header: { status } }: Response): boolean {
  return status === 0x81 || status === 0x83;
}
