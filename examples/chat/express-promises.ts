import type { Request } from "express";

/** Gives the session a new id, and nothing in it: at each sign-in, so that an id from before is worth nothing. */
export function regenerate({ session }: Request): Promise<void> {
  return settle((done) => session.regenerate(done));
}

/** Stores the session. A redirect is sent when that is done: the next page may ask before. */
export function save({ session }: Request): Promise<void> {
  return settle((done) => session.save(done));
}

/** Ends the session, for all tabs and their sockets. */
export function destroy({ session }: Request): Promise<void> {
  return settle((done) => session.destroy(done));
}

function settle(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}
