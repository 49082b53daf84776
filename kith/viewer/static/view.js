// Draws what /live tells on the floor that /plan tells. Words are set as text, never as markup.
"use strict";

const canvas = document.getElementById("floor");
const context = canvas.getContext("2d");
const said = document.getElementById("said");
const camera = document.getElementById("camera");
let plan = null, state = null, bounds = null, shown = 0, picture = 0;

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name); }

function toScreen(x, y) {
  const { left, low, scale, offsetX, offsetY, height } = view();
  return [offsetX + (x - left) * scale, offsetY + height - (y - low) * scale];
}

function view() {
  const { left, right, low, high } = bounds;
  const scale = Math.min(canvas.width / (right - left), canvas.height / (high - low));
  const height = (high - low) * scale;
  return { left, low, scale, height, offsetX: (canvas.width - (right - left) * scale) / 2, offsetY: (canvas.height - height) / 2 };
}

function polygon(points) {
  context.beginPath();
  points.forEach(([x, y], index) => context[index ? "lineTo" : "moveTo"](...toScreen(x, y)));
  context.closePath();
}

function disc(x, y, radius, fill) {
  context.beginPath();
  context.arc(...toScreen(x, y), radius * view().scale, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}

function ray(x, y, angle, from, to, stroke, width) {
  context.beginPath();
  context.moveTo(...toScreen(x + from * Math.cos(angle), y + from * Math.sin(angle)));
  context.lineTo(...toScreen(x + to * Math.cos(angle), y + to * Math.sin(angle)));
  context.strokeStyle = stroke;
  context.lineWidth = width * devicePixelRatio;
  context.stroke();
}

function label(x, y, text, above) {
  const [px, py] = toScreen(x, y);
  context.fillStyle = colour("--ink");
  context.textAlign = "center";
  context.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  context.fillText(text, px, py - above * view().scale);
}

function draw() {
  canvas.width = canvas.clientWidth * devicePixelRatio;
  canvas.height = canvas.clientHeight * devicePixelRatio;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!plan) return;
  for (const { outline, tall } of plan.obstacles) {
    polygon(outline);
    context.fillStyle = tall ? colour("--ink") : colour("--line");
    context.fill();
  }
  context.globalAlpha = 0.5;
  for (const place of plan.places) label(place.x, place.y, place.name, 0);
  context.globalAlpha = 1;
  if (!state) return;
  if (state.robot) {
    const { x, y, heading } = state.robot;
    const cos = Math.cos(heading), sin = Math.sin(heading);
    for (const [a, b] of state.scan) disc(x + a * cos - b * sin, y + a * sin + b * cos, 0.025, "#c9563c");
    disc(x, y, 0.28, "#2a7db5");
    ray(x, y, heading, 0.05, 0.42, "#ffffff", 3);
    label(x, y, "robot", 0.4);
  }
  for (const person of state.people) {
    disc(person.x, person.y, person.sits ? 0.18 : 0.22, person.speaking ? "#d98a1f" : "#6d7f5c");
    ray(person.x, person.y, person.heading + person.head, 0.05, 0.38, colour("--ink"), 2);
    label(person.x, person.y, person.id, 0.32);
  }
}

function tell() {
  for (const line of state.said) {
    if (line.n <= shown) continue;
    shown = line.n;
    const item = document.createElement("li");
    const who = document.createElement("b");
    who.textContent = line.who;
    item.className = line.who === "robot" ? "robot" : "";
    item.append(who, line.text);
    if (line.locale) item.lang = line.locale.replace("_", "-");
    said.append(item);
    while (said.children.length > 60) said.firstChild.remove();
    said.scrollTop = said.scrollHeight;
  }
}

function look() {
  if (state.picture === picture || camera.dataset.busy) return;
  picture = state.picture;
  camera.dataset.busy = "yes";
  camera.src = `camera.png?${picture}`;
}

camera.addEventListener("load", () => {
  delete camera.dataset.busy;
  camera.hidden = false;
  document.getElementById("camera-none").hidden = true;
});
camera.addEventListener("error", () => delete camera.dataset.busy);

function follow() {
  const live = new EventSource("live");
  live.onmessage = (event) => {
    state = JSON.parse(event.data);
    document.getElementById("state").textContent = state.robot
      ? `${state.people.length} residents, one robot`
      : "Waiting for the robot …";
    tell();
    look();
    requestAnimationFrame(draw);
  };
  live.onerror = () => { document.getElementById("state").textContent = "The viewer has stopped: start `kith sim view` again."; };
}

addEventListener("resize", draw);
fetch("plan").then((answer) => answer.json()).then((given) => {
  plan = given;
  const points = plan.obstacles.flatMap((each) => each.outline);
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  bounds = { left: Math.min(...xs) - 0.3, right: Math.max(...xs) + 0.3, low: Math.min(...ys) - 0.3, high: Math.max(...ys) + 0.3 };
  draw();
  follow();
});
