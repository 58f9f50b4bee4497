import { decoder, encoder } from "../../utf8.ts";
/** The names of the managers that wait in line for a session. The first one has the turn. */
export type Roster = readonly string[];

/** Maximum number of managers in line. */
export const MAX_IN_LINE = 64;

const nameShape = /^[A-Za-z0-9_-]{8}$/;

/** Encodes a roster as JSON, because connect-redis parses every record under its prefix. */
export function encodeRoster(roster: Roster): Uint8Array {
  return encoder.encode(JSON.stringify({ turns: roster }));
}

/** Returns `undefined` for anything but a roster. */
export function decodeRoster(data: Uint8Array): Roster | undefined {
  const names = namesIn(data);
  const isRoster = Array.isArray(names) && names.every((name) => typeof name === "string" && nameShape.test(name));
  return isRoster ? names : undefined;
}

function namesIn(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data))?.turns;
  } catch {
    return undefined;
  }
}

export function joinLine(roster: Roster, name: string): Roster {
  return [...roster, name];
}

/** Passes the turn to the next manager, and moves to the end of the line. */
export function passOn(roster: Roster, name: string): Roster {
  return [...leaveLine(roster, name), name];
}

export function leaveLine(roster: Roster, name: string): Roster {
  return roster.filter((each) => each !== name);
}

/** Takes the turn from the first manager. The others keep their places: they may only have been slower to notice. */
export function overtake([, ...others]: Roster, name: string): Roster {
  return [name, ...leaveLine(others, name)];
}
