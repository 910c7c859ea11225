// Adds what HTML alone cannot do: buttons that copy, and calls that appear while the page is open.
"use strict";

for (const source of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const label = source.getAttribute("aria-label");
  if (label) button.setAttribute("aria-label", `Copy: ${label}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  source.after(button);
}

// While something is being created or changed, show when that has ended; not under the hands of somebody who types.
const statuses = (page) => [...page.querySelectorAll("main .status")].map((it) => it.textContent).join();
if (document.querySelector("main .status.busy")) {
  setInterval(async () => {
    if (document.hidden || document.activeElement?.matches("input, textarea, select")) return;
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (statuses(page) !== statuses(document)) location.reload();
  }, 2000);
}

const MOST_ROWS = 200;
const body = document.querySelector("tbody[data-events]");
if (body) {
  let events = null;
  let after = body.dataset.after;
  let paused = false;
  const listen = () => {
    const address = new URL(body.dataset.events, location.href);
    address.searchParams.set("after", after);
    events = new EventSource(address);
    events.addEventListener("message", (event) => {
      after = event.lastEventId;
      body.insertAdjacentHTML("afterbegin", event.data);
      const row = body.firstElementChild;
      row.classList.add("new");
      setTimeout(() => row.classList.remove("new"), 2000);
      while (body.rows.length > MOST_ROWS) body.deleteRow(-1);
    });
  };
  // A browser has six connections to one address: a tab in the background gives its one back.
  const update = () => {
    if (document.hidden || paused) { events?.close(); events = null; } else if (!events) listen();
  };
  const pause = document.createElement("button");
  pause.type = "button";
  pause.className = "second pause";
  pause.textContent = "Pause";
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on" : "Pause";
    update();
  });
  body.closest(".scroll").before(pause);
  document.addEventListener("visibilitychange", update);
  update();
}
