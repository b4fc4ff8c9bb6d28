/* Fills in the progress page while sources answer. The page works without this: then there is the button. */
"use strict";

(() => {
  const status = document.querySelector("[data-stream]");
  if (!status || !window.EventSource) return;

  const TONES = ["neutral", "success", "warning", "danger", "busy"];
  const LOOK_AGAIN_MS = 10000;
  const REACH_AGAIN_MS = 2000;
  const icon = document.querySelector("link[rel=icon]").href;
  const stream = new EventSource(status.dataset.stream);

  /* A phone that was locked may have no connection: then a reload would put the browser's own error in place of this page. */
  const lookAgain = () =>
    fetch(icon, { method: "HEAD", cache: "no-store" }).then(
      () => window.location.reload() /* goes on to the overview */,
      () => window.setTimeout(lookAgain, REACH_AGAIN_MS),
    );

  stream.addEventListener("bron", (event) => {
    const told = JSON.parse(event.data);
    const item = [...document.querySelectorAll("[data-source]")].find((one) => one.dataset.source === told.bron);
    if (!item || !TONES.includes(told.toon)) return;
    const badge = item.querySelector(".utrecht-status-badge");
    badge.className = `utrecht-status-badge utrecht-status-badge--${told.toon}`;
    badge.textContent = told.staat;
    item.querySelector(".progress__detail").textContent = told.detail;
  });

  stream.addEventListener("stand", (event) => {
    const summary = JSON.parse(event.data);
    /* only when it changed: a screen reader announces every change */
    if (status.textContent !== summary) status.textContent = summary;
  });

  stream.addEventListener("klaar", () => {
    stream.close();
    lookAgain();
  });

  stream.addEventListener("error", () => {
    /* no place for a stream: the button stays, and we look again by ourselves, but not often */
    if (stream.readyState === EventSource.CLOSED) window.setTimeout(lookAgain, LOOK_AGAIN_MS);
  });
})();
