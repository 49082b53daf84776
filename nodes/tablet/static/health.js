"use strict";
// Shows each new state as it comes, says so when none can come, and confirms which calls are on the screen.
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

  const source = new EventSource("/live");
  source.onmessage = (event) => {
    live.innerHTML = event.data; // made and escaped by the same templates as the page
    link.textContent = "Live";
    document.body.classList.remove("lost");
    confirmShown();
  };
  source.onerror = lost;
  document.addEventListener("visibilitychange", confirmShown);
  confirmShown();
})();
