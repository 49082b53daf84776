"use strict";
// Beside htmx, which shows each new state as it comes: says when none can come, and confirms which calls are on the screen.
(() => {
  const live = document.getElementById("live");
  const link = document.getElementById("link");
  let confirmed = "";

  const lost = () => {
    link.textContent = "No connection: this may be out of date";
    document.body.classList.add("lost");
  };

  const confirmShown = () => {
    if (document.visibilityState !== "visible") return;
    const ids = [...live.querySelectorAll("[data-alert].raised")].map((item) => item.dataset.alert);
    const now = ids.join("\n");
    if (!ids.length || now === confirmed) return;
    fetch("/shown", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ids }),
    }).then((answer) => { if (answer.ok) confirmed = now; }).catch(lost);
  };

  live.addEventListener("htmx:afterSwap", () => {
    link.textContent = "Live";
    document.body.classList.remove("lost");
    confirmShown();
  });
  live.addEventListener("htmx:sseError", lost);
  document.addEventListener("visibilitychange", confirmShown);
  confirmShown();
})();
