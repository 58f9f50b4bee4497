import { toast } from "./status.js";

const list = document.getElementById("sessions");
const endOthers = document.forms["end-others"];
let shownPages = 0;

/** Reloads the list whenever there is a sign of change: the number of this user's sessions with an open page. */
export function followSessions(openSessions) {
  if (openSessions === shownPages) return;
  shownPages = openSessions;
  showSessions();
}

// A session without a page may have ended meanwhile.
document.addEventListener("visibilitychange", () => document.hidden || showSessions());

endOthers.addEventListener("submit", (event) => {
  event.preventDefault();
  end("/sessions/end-others", {});
});

async function showSessions() {
  const response = await fetch("/sessions").catch(() => undefined);
  if (!response?.ok || response.redirected) return; // the line about the connection shows the reason
  const sessions = await response.json();
  list.replaceChildren(...sessions.map(itemOf));
  endOthers.hidden = sessions.every(({ isCurrent }) => isCurrent);
}

function itemOf({ handle, label, signedInAgoMs, isCurrent }) {
  const item = document.createElement("li");
  const minutes = Math.floor(signedInAgoMs / 60_000);
  const since = minutes < 1 ? "less than a minute" : minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  item.append(`${label}, for ${since}${isCurrent ? " (this browser)" : ""}`);
  if (!isCurrent) item.append(" ", endButton(handle, label));
  return item;
}

function endButton(handle, label) {
  const button = document.createElement("button");
  button.textContent = "End";
  button.ariaLabel = `End the session of ${label}`;
  button.addEventListener("click", () => {
    button.disabled = true;
    end("/sessions/end", { handle });
  });
  return button;
}

async function end(path, fields) {
  const response = await fetch(path, { method: "POST", body: new URLSearchParams(fields) }).catch(() => undefined);
  if (!response?.ok) toast("The session store is not answering. The session may or may not have ended.", "bad");
  await showSessions();
}
