import type { Request } from "express";

/** Gives the session a new id and removes its content, at each sign-in, so that an earlier id is worthless. */
export function regenerate({ session }: Request): Promise<void> {
  return settle((done) => session.regenerate(done));
}

/** Stores the session. Redirects are sent only afterwards, because the next page may be requested at once. */
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
