"use strict";
// Shows new states of the page as they come, confirms which calls are on the screen, locks a device nobody touches.
(() => {
  const lockForm = document.getElementById("lock");
  if (!lockForm) return;
  const token = lockForm.elements.form_token.value;
  const send = (path, fields) => fetch(path, {
    method: "POST", body: new URLSearchParams({ form_token: token, ...fields }),
  });

  const live = document.getElementById("live");
  if (live) {
    const link = document.getElementById("link");
    let confirmed = "";
    const lost = () => {
      link.textContent = "No connection: this may be out of date";
      document.body.classList.add("lost");
    };
    const confirmShown = () => {
      if (document.visibilityState !== "visible") return;
      const ids = [...live.querySelectorAll("[data-alert].raised")].map((item) => item.dataset.alert).join("\n");
      if (!ids || ids === confirmed) return;
      send("/calls/shown", { ids }).then((answer) => { if (answer.ok) confirmed = ids; }).catch(lost);
    };
    const source = new EventSource(live.dataset.live);
    source.onmessage = (event) => {
      live.innerHTML = event.data; // made and escaped by the same templates as the page
      link.textContent = "Live";
      document.body.classList.remove("lost");
      confirmShown();
    };
    source.addEventListener("locked", () => { source.close(); location.assign("/sign-in?to=/now"); });
    source.onerror = lost;
    document.addEventListener("visibilitychange", confirmShown);
    confirmShown();
  }

  // What was last seen stays readable without a connection.
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

  // The lock: touching keeps the device open, told to the home at most every 20 seconds.
  const lockAfter = Number(document.body.dataset.lock) * 1000;
  let touched = Date.now(), told = touched;
  const touch = () => {
    touched = Date.now();
    if (touched - told > 20000) { told = touched; fetch("/awake", { method: "POST" }).catch(() => {}); }
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
  setInterval(() => { if (Date.now() - touched > lockAfter) lockForm.requestSubmit(); }, 1000);
})();
