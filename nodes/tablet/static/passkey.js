"use strict";
// Passkeys: making one when signed in, and entering with one. Binary fields travel as base64url.
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const post = (path, fields) => fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  const tell = (message) => {
    const place = document.getElementById("passkey-problem");
    place.textContent = message;
    place.hidden = false;
  };
  const plain = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
  };
  const asked = async (path, fields) => {
    const answer = await post(path, fields);
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || "");
    const { name, options } = await answer.json();
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const each of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) each.id = bytes(each.id);
    return { name, options };
  };

  const make = document.getElementById("passkey-make");
  if (make) {
    make.hidden = false;
    make.addEventListener("click", async () => {
      const form = document.getElementById("passkey-form");
      try {
        const { name, options } = await asked("/passkey/options", { form_token: form.elements.form_token.value });
        const made = await navigator.credentials.create({ publicKey: options });
        form.elements.name.value = name;
        form.elements.credential.value = plain(made);
        form.submit();
      } catch (problem) {
        tell(problem.name === "Error" && problem.message ? problem.message : make.dataset.refused);
      }
    });
  }

  const enter = document.getElementById("passkey-enter");
  if (enter) {
    enter.hidden = false;
    enter.addEventListener("click", async () => {
      try {
        const { name, options } = await asked("/sign-in/passkey/options", {});
        const made = await navigator.credentials.get({ publicKey: options });
        const answer = await post("/sign-in/passkey", { name, credential: plain(made) });
        if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || "");
        location.assign(enter.dataset.to || "/");
      } catch (problem) {
        tell(problem.name === "Error" && problem.message ? problem.message : enter.dataset.refused);
      }
    });
  }
})();
