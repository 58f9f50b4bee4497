/** Numbers what is sent, so that the answer finds its way back. */
export class Wishes {
  #count = 0;
  #open = new Map();

  /** Resolves when the server has done it, and rejects with an error whose message says what has failed. */
  send(connection, wish) {
    this.#count += 1;
    const number = this.#count;
    return new Promise((resolve, reject) => {
      this.#open.set(number, { resolve, reject });
      connection.send({ ...wish, number });
    });
  }

  /** Takes an answer of the server: `done` or `failed`. */
  settle({ type, number, text }) {
    const wish = this.#open.get(number);
    this.#open.delete(number);
    if (type === "done") wish?.resolve();
    else wish?.reject(new Error(text));
  }

  /** The connection is lost, and with it all answers. */
  giveUp() {
    for (const { reject } of this.#open.values()) {
      reject(new Error("The connection was lost before there was an answer: it may have worked, or not."));
    }
    this.#open.clear();
  }
}
