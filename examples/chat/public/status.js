const line = document.getElementById("connection");
const text = document.getElementById("connection-text");
const countdown = document.getElementById("countdown");
const link = document.getElementById("sign-in-link");
const toasts = document.getElementById("toasts");

/** Says how the connection is; the seconds apart, which a screen reader need not count down. */
export function showConnection({ name, code, seconds, isAgain }) {
  line.dataset.state = name;
  if (code !== undefined) line.dataset.closeCode = code;
  const sentence = sentences[name](isAgain);
  if (text.textContent !== sentence) text.textContent = sentence;
  countdown.textContent = name === "waiting" ? `Trying again in ${seconds} s…` : "";
  link.hidden = name !== "ended";
  document.body.classList.toggle("ended", name === "ended");
}

const sentences = {
  open: (isAgain) => (isAgain ? "Connected again." : "Connected."),
  waiting: () => "Connection lost.",
  connecting: () => "Connection lost. Trying now…",
  ended: () => "You have been signed out.",
};

/** Good news goes away, bad news stays until it is closed. */
export function toast(sentence, kind) {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  const words = document.createElement("p");
  words.textContent = sentence;
  const button = document.createElement("button");
  button.textContent = "Close";
  button.addEventListener("click", () => box.remove());
  box.append(words, button);
  toasts.replaceChildren(...[...toasts.children].slice(-2), box);
  if (kind === "good") setTimeout(() => box.remove(), 6000);
}
