/** Numbers wishes, so that each answer finds its wish. */
export class Wishes {
  #count = 0;
  #open = new Map();

  /** Resolves when the server has carried it out, and rejects with an error whose message says what failed. */
  send(connection, wish) {
    this.#count += 1;
    const number = this.#count;
    return new Promise((resolve, reject) => {
      this.#open.set(number, { resolve, reject });
      connection.send({ ...wish, number });
    });
  }

  /** Accepts an answer of the server: `done` or `failed`. */
  settle({ type, number, text }) {
    const wish = this.#open.get(number);
    this.#open.delete(number);
    if (type === "done") wish?.resolve();
    else wish?.reject(new Error(text));
  }

  /** Rejects all waiting wishes, because the connection is lost and with it their answers. */
  giveUp() {
    for (const { reject } of this.#open.values()) {
      reject(new Error("The connection was lost before there was an answer: it may or may not have worked."));
    }
    this.#open.clear();
  }
}
