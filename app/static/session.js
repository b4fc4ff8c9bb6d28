/* Warns before the session ends, in a window on the page. Without this the browser goes to a page that does. */
"use strict";

(() => {
  const dialog = document.querySelector("[data-session]");
  if (!dialog || !dialog.showModal) return;

  const address = dialog.dataset.session;
  const ASK_AGAIN_S = 15;
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const inSeconds = (seconds) => Date.now() + Number(seconds) * 1000;
  let ends = inSeconds(dialog.dataset.endsIn);
  let timer = 0;
  let seen = false; /* the last warning, which nothing puts off, was closed */

  const leave = () => window.location.replace(address); /* by then it says that you are not logged in */
  const wait = (seconds) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, Math.max(1, seconds) * 1000);
  };

  function show(state) {
    dialog.querySelectorAll("[data-session-time]").forEach((one) => { one.textContent = state.om; });
    part("stay").hidden = state.laatste;
    part("last").hidden = !state.laatste;
    if (!dialog.open && !(state.laatste && seen)) dialog.showModal();
  }

  /* Another tab may have been used meanwhile: only the server knows. */
  async function look() {
    try {
      const answer = await fetch(`${address}/stand`, { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 401) return leave();
      const state = await answer.json();
      ends = inSeconds(state.eindigt_over);
      if (state.waarschuwen_over === 0) {
        show(state);
        return wait(Math.min(ASK_AGAIN_S, state.eindigt_over + 1));
      }
      if (dialog.open) dialog.close();
      return wait(state.waarschuwen_over);
    } catch {
      return Date.now() > ends ? leave() : wait(ASK_AGAIN_S);
    }
  }

  async function stay(event) {
    event.preventDefault();
    if (part("stay").hidden) {
      seen = true;
      return dialog.close();
    }
    const form = dialog.querySelector("form");
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    return look();
  }

  dialog.querySelector("form").addEventListener("submit", stay);
  dialog.addEventListener("cancel", stay); /* Escape: somebody is there */
  part("close").addEventListener("click", stay);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  wait(dialog.dataset.warnIn);
})();
