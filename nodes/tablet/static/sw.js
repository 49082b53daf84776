"use strict";
// Keeps what was last seen for when the network is away, marked with its time, and only while somebody is signed in.
// Served as /sw.js, so that it stands before every page.
const SHELL = "kith-shell-2", SEEN = "kith-seen";
const FILES = [
  "/static/kith.css", "/static/kith.js", "/static/htmx/htmx.min.js", "/static/htmx/sse.min.js", "/static/kith.svg", "/offline",
];
const ANSWER_WITHIN_MS = 8000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

const forget = () => caches.delete(SEEN);

const withTime = (request) => {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), ANSWER_WITHIN_MS);
  return fetch(request, { signal: ending.signal }).finally(() => clearTimeout(timer));
};

// Until when what was kept may be shown: as long as the device would have stayed unlocked.
const keep = async (request, answer) => {
  const seconds = Number(answer.headers.get("kith-keep"));
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.set("kith-at", String(Date.now()));
  headers.set("kith-until", String(Date.now() + seconds * 1000));
  const seen = await caches.open(SEEN);
  await seen.put(request.url, new Response(text, { status: 200, headers }));
};

const kept = async (url) => {
  const seen = await caches.open(SEEN);
  const found = await seen.match(url);
  if (!found) return null;
  if (Date.now() >= Number(found.headers.get("kith-until"))) {
    await forget();
    return null;
  }
  const at = new Date(Number(found.headers.get("kith-at")));
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const text = (await found.text()).replaceAll("{kept-at}", clock).replace('data-kept="no"', 'data-kept="yes"');
  return new Response(text, { status: 200, headers: found.headers });
};

const escaped = (text) => text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);

const offline = async (fields, path) => {
  const shell = await caches.open(SHELL);
  const page = await shell.match("/offline");
  if (!page || !fields) return page || Response.error();
  // What was typed waits on the page in a form that sends the same again: its one-time id makes it count once.
  const inputs = fields
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join("");
  const text = (await page.text())
    .replace('data-unsaved="no"', 'data-unsaved="yes"')
    .replace("<!--again-->", `<form method="post" action="${escaped(path)}">${inputs}<button>Try again</button></form>`);
  return new Response(text, { status: 200, headers: page.headers });
};

const visit = async (request) => {
  try {
    const answer = await withTime(request);
    if (answer.status === 401 || new URL(request.url).pathname === "/sign-in") await forget();
    else if (answer.ok && answer.headers.has("kith-keep")) await keep(request, answer.clone());
    return answer;
  } catch {
    return (await kept(request.url)) || offline(null, "");
  }
};

const save = async (request) => {
  const path = new URL(request.url).pathname;
  const out = path === "/lock" || path === "/sign-in" || path === "/set-up";
  if (out) await forget(); // before anything else: the network may be away
  const copy = request.clone();
  try {
    return await withTime(request);
  } catch {
    if (out) return offline(null, "");
    const type = request.headers.get("content-type") || "";
    const fields = type.startsWith("application/x-www-form-urlencoded")
      ? [...new URLSearchParams(await copy.text())].filter(([name]) => name !== "pin") : null;
    return offline(fields, path);
  }
};

// A device that was closed without locking forgets as soon as it is used again.
const tidy = async () => {
  const seen = await caches.open(SEEN);
  for (const request of await seen.keys()) {
    const found = await seen.match(request);
    if (found && Date.now() >= Number(found.headers.get("kith-until"))) await seen.delete(request);
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "POST" ? save(request) : visit(request));
    event.waitUntil(tidy());
  } else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { ignoreSearch: true })) || Response.error()));
  }
});
