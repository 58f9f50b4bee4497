const list = document.getElementById("messages");
const people = document.getElementById("people");

/** What people have written is set as text and never as markup. */
export function addMessage({ person, name, text, at }, ownPerson) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.append(messageItem({ name, text, at, isOwn: person === ownPerson }));
  if (isAtEnd || person === ownPerson) list.scrollTop = list.scrollHeight;
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

function messageItem({ name, text, at, isOwn }) {
  const item = document.createElement("li");
  item.className = isOwn ? "own" : "other";
  const head = document.createElement("p");
  head.className = "head";
  const time = document.createElement("time");
  time.dateTime = new Date(at).toISOString();
  time.textContent = new Date(at).toLocaleTimeString([], { timeStyle: "short" });
  head.append(isolated(name), " ", time);
  const body = document.createElement("p");
  body.className = "body";
  body.dir = "auto";
  body.textContent = text;
  item.append(head, body);
  return item;
}

/** A name written from right to left must not turn round what stands beside it. */
function isolated(name) {
  const element = document.createElement("bdi");
  element.textContent = name;
  return element;
}
