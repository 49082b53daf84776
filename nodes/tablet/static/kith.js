"use strict";
// Shows new states of the page as they come, confirms which calls are on the screen, locks a device nobody touches.
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
    const show = () => {
      if (waiting === null || busy()) return;
      const held = document.activeElement && live.contains(document.activeElement) ? document.activeElement : null;
      const again = held && [held.name, held.value, held.form && held.form.elements.robot ? held.form.elements.robot.value : ""];
      live.innerHTML = waiting; // made and escaped by the same templates as the page
      waiting = null;
      if (again) {
        for (const each of live.querySelectorAll("button")) {
          if (each.name === again[0] && each.value === again[1]) { each.focus({ preventScroll: true }); break; }
        }
      }
      confirmShown();
    };
    const source = new EventSource(live.dataset.live);
    source.onmessage = (event) => {
      waiting = event.data;
      link.textContent = words.live;
      document.body.classList.remove("lost");
      show();
    };
    setInterval(show, 1000);
    source.addEventListener("locked", () => { source.close(); location.assign("/sign-in?to=" + encodeURIComponent(location.pathname)); });
    source.onerror = lost;
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
