const log = document.getElementById("log");
const list = document.getElementById("messages");
const unsent = document.getElementById("unsent");
const people = document.getElementById("people");

// A notice that comes or goes makes the list lower or higher: whoever reads its end still does.
let wasAtEnd = true;
log.addEventListener("scroll", () => {
  wasAtEnd = isAtEnd();
});
new ResizeObserver(() => {
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
}).observe(log);

/** What people have written is set as text and never as markup. */
export function addMessage({ person, name, text, at }, ownPerson) {
  const staysAtEnd = isAtEnd();
  list.append(messageItem({ name, text, at, isOwn: person === ownPerson }));
  if (staysAtEnd || person === ownPerson) log.scrollTop = log.scrollHeight;
}

/** A message that is under way. Returns it, to be removed. */
export function addUnsent(text) {
  const item = document.createElement("li");
  item.className = "own";
  item.append(bodyOf(text));
  unsent.append(item);
  log.scrollTop = log.scrollHeight;
  return item;
}

/** All of them, after a connection was made: some may have been missed. */
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

/** A name written from right to left must not turn round what stands beside it. */
function isolated(name) {
  const element = document.createElement("bdi");
  element.textContent = name;
  return element;
}
