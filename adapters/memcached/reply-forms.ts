import type { Response } from "memjs";
import { statuses } from "./protocol.ts";

// What the replies of a server look like. One whose header has changed on its way looks otherwise: the checksum of TCP lets some
// changes through, and memory in between is not checked at all.

/** What names its key, whether there is anything under it or not. */
export function isNamed(key: string): (reply: Response) => boolean {
  const bytes = Buffer.from(key);
  return (reply) => {
    const { status } = reply.header;
    if (status === statuses.done) return reply.extras.length === 4 && hasToken(reply) && bytes.equals(reply.key);
    if (status !== statuses.notFound) return isRefusal(reply);
    return reply.extras.length === 0 && reply.val.length === 0 && !hasToken(reply) && bytes.equals(reply.key);
  };
}

/** What tells of a new state, with its token. */
export function isChange(reply: Response): boolean {
  return isAcknowledgement(reply) && hasToken(reply) === (reply.header.status === statuses.done);
}

/** What says that it is done and nothing else, or why not. */
export function isAcknowledgement(reply: Response): boolean {
  if (reply.header.status !== statuses.done) return isRefusal(reply);
  return reply.key.length === 0 && reply.val.length === 0;
}

/** One setting, or nothing at the end. */
export function isStatistic(reply: Response): boolean {
  if (reply.header.status !== statuses.done) return isRefusal(reply);
  return reply.extras.length === 0 && (reply.key.length > 0 || reply.val.length === 0);
}

/** A reason, in words. */
function isRefusal(reply: Response): boolean {
  return reply.key.length === 0 && reply.extras.length === 0 && reply.val.length > 0 && !hasToken(reply);
}

/** There is none of zeros: in a request, that would stand for every state. */
function hasToken({ header: { cas } }: Response): boolean {
  return cas.readUInt32BE(0) !== 0 || cas.readUInt32BE(4) !== 0;
}
