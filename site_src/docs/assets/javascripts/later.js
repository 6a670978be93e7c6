/* The search works in a worker of forty kilobytes: it starts with the first message to it, since most never search. */
(() => {
  "use strict";

  const Real = globalThis.Worker;
  globalThis.Worker = class extends EventTarget {
    #address;
    #real;

    constructor(address) {
      super();
      this.#address = address;
    }

    postMessage(data) {
      if (!this.#real) {
        this.#real = new Real(this.#address);
        this.#real.addEventListener("message", (event) => {
          this.dispatchEvent(new MessageEvent("message", { data: event.data }));
        });
      }
      this.#real.postMessage(data);
    }

    terminate() {
      this.#real?.terminate();
    }
  };
})();
