const line = document.getElementById("connection");
const text = document.getElementById("connection-text");
const countdown = document.getElementById("countdown");
const onward = document.getElementById("onward");
const toasts = document.getElementById("toasts");

/**
 * Shows the state of the connection; the seconds are separate, so that screen readers do not announce the countdown.
 */
export function showConnection({ name, code, seconds, isAgain }) {
  line.dataset.state = name;
  if (code !== undefined) line.dataset.closeCode = code;
  const sentence = sentences[name](isAgain);
  if (text.textContent !== sentence) text.textContent = sentence;
  countdown.textContent = name === "waiting" ? `Trying again in ${seconds} s…` : "";
  if (name in waysOn) endPage(sentence, waysOn[name]);
}

const sentences = {
  open: (isAgain) => (isAgain ? "Connected again." : "Connected."),
  waiting: () => "Connection lost.",
  connecting: () => "Connection lost. Trying now…",
  ended: () => "You have been signed out.",
  refused: () => "This page no longer fits the server.",
};

/** The states that only another page resolves. */
const waysOn = { ended: "Sign in", refused: "Reload it" };

/** Removes all content of the session from view, and everything into which one could type in vain. */
function endPage(sentence, wayOn) {
  document.title = `${sentence} – sessionwire`;
  document.body.classList.add("over");
  onward.textContent = wayOn;
  onward.hidden = false;
  onward.focus();
}

/** Good news disappears by itself, bad news stays until it is closed. */
export function toast(sentence, kind) {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  const words = document.createElement("p");
  words.textContent = sentence;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Close";
  button.addEventListener("click", () => box.remove());
  box.append(words, button);
  toasts.replaceChildren(...[...toasts.children].slice(-1), box);
  if (kind === "good") setTimeout(() => box.remove(), 6000);
}
