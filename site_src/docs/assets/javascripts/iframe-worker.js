/* (Material looks for "iframe-worker" in the name of a script, and would load its own from another host.)
   The search works in a worker of forty kilobytes: it starts with the first message to it, since most never search.
   A page from disk may have no worker; there a frame of the page stands in for one. */
(() => {
  "use strict";

  const Real = globalThis.Worker;

  class FrameWorker extends EventTarget {
    #inside;
    #ready;

    constructor(address) {
      super();
      const frame = Object.assign(document.createElement("iframe"), { hidden: true });
      document.body.append(frame);
      this.#inside = frame.contentWindow;
      const load = (source) => new Promise((done, failed) => {
        const script = this.#inside.document.createElement("script");
        script.src = new URL(source, location.href);
        script.addEventListener("load", done);
        script.addEventListener("error", () => failed(new Error(`${source} could not be loaded`)));
        this.#inside.document.body.append(script);
      });
      this.#inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.#inside.importScripts = (...sources) =>
        sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve());
      this.#ready = load(address);
    }

    postMessage(data) {
      this.#ready.then(() => {
        this.#inside.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) }));
      });
    }
  }

  const Started = location.protocol === "file:" ? FrameWorker : Real;

  globalThis.Worker = class extends EventTarget {
    #address;
    #real;

    constructor(address) {
      super();
      this.#address = address;
    }

    postMessage(data) {
      if (!this.#real) {
        this.#real = new Started(this.#address);
        this.#real.addEventListener("message", (event) => {
          this.dispatchEvent(new MessageEvent("message", { data: event.data }));
        });
      }
      this.#real.postMessage(data);
    }
  };
})();
