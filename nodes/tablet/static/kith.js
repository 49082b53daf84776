"use strict";
// Beside htmx, which shows new states of a page as they come: holds them back under a finger, says when the connection is
// lost, confirms which calls are on the screen, locks a device that nobody touches.
(() => {
  const lockForm = document.getElementById("lock");
  if (!lockForm) return;
  const token = lockForm.elements.form_token.value;
  const words = document.body.dataset;
  const send = (path, fields) => fetch(path, {
    method: "POST", body: new URLSearchParams({ form_token: token, ...fields }),
  });

  const live = document.getElementById("live");
  if (live) {
    const link = document.getElementById("link");
    let confirmed = "", waiting = null;
    const lost = () => {
      link.textContent = words.lost;
      document.body.classList.add("lost");
    };
    const confirmShown = () => {
      if (document.visibilityState !== "visible") return;
      const ids = [...live.querySelectorAll("[data-alert].raised")].map((item) => item.dataset.alert).join("\n");
      if (!ids || ids === confirmed) return;
      send("/calls/shown", { ids }).then((answer) => { if (answer.ok) confirmed = ids; }).catch(lost);
    };
    // Nothing is exchanged under a finger, nor a list that somebody is choosing from.
    const busy = () => live.querySelector("select:focus, input:focus, button:active");
    live.addEventListener("htmx:sseBeforeMessage", (event) => {
      waiting = null;
      link.textContent = words.live;
      document.body.classList.remove("lost");
      if (busy()) {
        waiting = event.detail.data;
        event.preventDefault();
      }
    });
    setInterval(() => {
      if (waiting === null || busy()) return;
      htmx.swap(live, waiting, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
      waiting = null;
    }, 1000);
    live.addEventListener("htmx:afterSwap", confirmShown);
    live.addEventListener("htmx:sseError", lost);
    live.addEventListener("htmx:sseClose", (event) => {
      if (event.detail.type === "message") location.assign("/sign-in?to=" + encodeURIComponent(location.pathname));
    });
    document.addEventListener("visibilitychange", confirmShown);
    confirmShown();
  }

  // What was last seen stays readable without a connection.
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

  // The lock: touching keeps the device open, told to the home at most every 20 seconds.
  const lockAfter = Number(words.lock) * 1000;
  let touched = Date.now(), told = touched;
  const touch = () => {
    touched = Date.now();
    if (touched - told > 20000) { told = touched; fetch("/awake", { method: "POST" }).catch(() => {}); }
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
  setInterval(() => { if (Date.now() - touched > lockAfter) lockForm.requestSubmit(); }, 1000);
})();
