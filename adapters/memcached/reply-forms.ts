import type { Response } from "memjs";
import { statuses } from "./protocol.ts";

// The form of each reply of a server. A reply whose header was corrupted on its way has another form: the checksum of
// TCP misses some changes, and memory along the way is not checked at all.

/** Returns a check for a reply that includes its key, even if nothing is stored under it. */
export function isNamed(key: string): (reply: Response) => boolean {
  const bytes = Buffer.from(key);
  return (reply) => {
    const { status } = reply.header;
    if (status === statuses.done) return reply.extras.length === 4 && hasToken(reply) && bytes.equals(reply.key);
    if (status !== statuses.notFound) return isRefusal(reply);
    return reply.extras.length === 0 && reply.val.length === 0 && !hasToken(reply) && bytes.equals(reply.key);
  };
}

/** Returns true for a reply that reports a new state, with its token. */
export function isChange(reply: Response): boolean {
  return isAcknowledgement(reply) && hasToken(reply) === (reply.header.status === statuses.done);
}

/** Returns true for a reply that reports only success, or the reason for a refusal. */
export function isAcknowledgement(reply: Response): boolean {
  if (reply.header.status !== statuses.done) return isRefusal(reply);
  return reply.key.length === 0 && reply.val.length === 0;
}

/** Returns true for a reply with one setting, or nothing at the end. */
export function isStatistic(reply: Response): boolean {
  if (reply.header.status !== statuses.done) return isRefusal(reply);
  return reply.extras.length === 0 && (reply.key.length > 0 || reply.val.length === 0);
}

/** Returns true for a reply with a reason as text. */
function isRefusal(reply: Response): boolean {
  return reply.key.length === 0 && reply.extras.length === 0 && reply.val.length > 0 && !hasToken(reply);
}

/**
 * Returns true if a reply has a token. A server never sends a token of zeros: in a request, it would stand for every
 * state.
 */
function hasToken({ header: { cas } }: Response): boolean {
  return cas.readUInt32BE(0) !== 0 || cas.readUInt32BE(4) !== 0;
}
