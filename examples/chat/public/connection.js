import { closeCodes, shouldReconnect } from "/assets/sessionwire/sockets.js";

const firstDelayMs = 500;
const longestDelayMs = 8000;
const answerWithinMs = 5000;

/**
 * Keeps a socket open for as long as the session lasts.
 *
 * `onState` receives `open`, `waiting` (repeatedly, with the seconds until the next attempt), `connecting`, `ended`
 * (with the session) and `refused` (the page must be reloaded), each with the close code, if there is one. `onMessage`
 * receives the messages of the server.
 */
export function keepConnected({ onState, onMessage }) {
  let socket;
  let failures = 0;
  let skipWaiting = () => {};
  addEventListener("online", () => skipWaiting());
  open();
  return { send: (message) => socket.send(JSON.stringify(message)) };

  function open() {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/chat`);
    socket.addEventListener("message", ({ data }) => {
      // Only now the connection is known to work: a server that is about to end may open a socket and close it at once.
      if (failures >= 0) onState({ name: "open", isAgain: failures > 0 });
      failures = -1;
      onMessage(JSON.parse(data));
    });
    socket.addEventListener("close", ({ code }) => {
      if (shouldReconnect(code)) reopen(code);
      else onState({ name: code === closeCodes.ended ? "ended" : "refused", code });
    });
  }

  async function reopen(code) {
    failures = Math.max(failures, 0) + 1;
    await wait(delayAfter(failures), code);
    onState({ name: "connecting", code });
    // A browser does not report why a handshake was refused. A 401 looks like a server that is down.
    const signedIn = await isSignedIn();
    if (signedIn === false) onState({ name: "ended", code });
    else if (signedIn === undefined) reopen(code);
    else open();
  }

  async function wait(delayMs, code) {
    const until = performance.now() + delayMs;
    const skipped = new Promise((resolve) => {
      skipWaiting = resolve;
    });
    for (let leftMs = delayMs; leftMs > 0; leftMs = until - performance.now()) {
      onState({ name: "waiting", code, seconds: Math.ceil(leftMs / 1000) });
      const next = new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, 1000)));
      if (await Promise.race([next, skipped.then(() => true)])) return;
    }
  }
}

/**
 * Returns the delay before the next attempt in ms. It grows each time, and is random, so that not all pages return at
 * the same moment.
 */
function delayAfter(failures) {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
  return delayMs * (0.5 + Math.random() / 2);
}

/** Returns `undefined` if the server cannot answer. */
async function isSignedIn() {
  try {
    const response = await fetch("/session", { signal: AbortSignal.timeout(answerWithinMs) });
    return response.ok ? (await response.json()).isSignedIn : undefined;
  } catch {
    return undefined;
  }
}
