const log = document.getElementById("log");
const list = document.getElementById("messages");
const unsent = document.getElementById("unsent");
const people = document.getElementById("people");

// A notice that appears or disappears resizes the list; a reader at its end should stay there.
let wasAtEnd = true;
log.addEventListener("scroll", () => {
  wasAtEnd = isAtEnd();
});
new ResizeObserver(() => {
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
}).observe(log);

/** Text by users is set as text, and never as markup. */
export function addMessage({ person, name, text, at }, ownPerson) {
  const staysAtEnd = isAtEnd();
  list.append(messageItem({ name, text, at, isOwn: person === ownPerson }));
  if (staysAtEnd || person === ownPerson) log.scrollTop = log.scrollHeight;
}

/** Adds a message that is under way. Returns a function that removes it. */
export function addUnsent(text) {
  const item = document.createElement("li");
  item.className = "own";
  item.append(bodyOf(text));
  unsent.append(item);
  log.scrollTop = log.scrollHeight;
  return item;
}

/** Replaces all messages after a connection was made, because some may have been missed. */
export function showMessages(said, ownPerson) {
  list.replaceChildren();
  for (const message of said) addMessage(message, ownPerson);
}

export function showPeople(names) {
  const parts = names.flatMap((name, place) => [place === 0 ? "" : ", ", isolated(name)]);
  people.replaceChildren("Here: ", ...parts);
}

function isAtEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}

function messageItem({ name, text, at, isOwn }) {
  const item = document.createElement("li");
  item.className = isOwn ? "own" : "other";
  const head = document.createElement("p");
  head.className = "head";
  const time = document.createElement("time");
  time.dateTime = new Date(at).toISOString();
  time.textContent = new Date(at).toLocaleTimeString([], { timeStyle: "short" });
  head.append(isolated(name), " ", time);
  item.append(head, bodyOf(text));
  return item;
}

function bodyOf(text) {
  const body = document.createElement("p");
  body.className = "body";
  body.dir = "auto";
  body.textContent = text;
  return body;
}

/** Isolates a name, because right-to-left text must not reverse its surroundings. */
function isolated(name) {
  const element = document.createElement("bdi");
  element.textContent = name;
  return element;
}
