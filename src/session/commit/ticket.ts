/** The names of the managers that stand in line for a session. The first one has the turn. */
export type Ticket = readonly string[];

/** Maximum number of managers in line. */
export const MAX_IN_LINE = 64;

const nameShape = /^[A-Za-z0-9_-]{8}$/;

/** JSON, because connect-redis parses whatever stands under its prefix. */
export function encodeTicket(ticket: Ticket): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ turns: ticket }));
}

/** Returns `undefined` for what is no ticket. */
export function decodeTicket(data: Uint8Array): Ticket | undefined {
  const names = namesIn(data);
  const isTicket = Array.isArray(names) && names.every((name) => typeof name === "string" && nameShape.test(name));
  return isTicket ? names : undefined;
}

function namesIn(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data))?.turns;
  } catch {
    return undefined;
  }
}

export function joinLine(ticket: Ticket, name: string): Ticket {
  return [...ticket, name];
}

/** Hands the turn to the next one, and goes to the end of the line. */
export function passOn(ticket: Ticket, name: string): Ticket {
  return [...leaveLine(ticket, name), name];
}

export function leaveLine(ticket: Ticket, name: string): Ticket {
  return ticket.filter((each) => each !== name);
}

/** Takes the turn away from the first one. The others keep their places: they may only have been slower to notice. */
export function overtake([, ...others]: Ticket, name: string): Ticket {
  return [name, ...leaveLine(others, name)];
}
