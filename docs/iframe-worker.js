// Browsers start no worker from a page that is opened as a file, and the search runs in one. Here it runs in a frame.
"use strict";
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    #inside;
    #loaded;

    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.#inside = frame.contentWindow;
      this.#inside.postMessage = (data) => this.#deliver(this, data);
      this.#inside.importScripts = (...urls) => urls.reduce((before, it) => before.then(() => this.#run(it)), Promise.resolve());
      this.#loaded = this.#run(url);
    }

    postMessage(data) {
      this.#loaded.then(() => this.#deliver(this.#inside, data));
    }

    #deliver(receiver, data) {
      setTimeout(() => receiver.dispatchEvent(new MessageEvent("message", { data })));
    }

    #run(url) {
      return new Promise((loaded, failed) => {
        const script = this.#inside.document.createElement("script");
        Object.assign(script, { src: url, onload: loaded, onerror: failed });
        this.#inside.document.documentElement.append(script);
      });
    }
  };
}
