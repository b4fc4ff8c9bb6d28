/* Progress without pressing a button: fetch the same page again and take over its list. The page works without this. */
"use strict";

(() => {
  const status = document.querySelector("[data-progress]");
  if (!status || !window.fetch) return;

  const again = async () => {
    const answer = await fetch(window.location.href, { credentials: "same-origin", cache: "no-store" });
    if (answer.redirected) {
      window.location.replace(answer.url);
      return;
    }
    if (!answer.ok) return; /* the button stays */
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    replace(page, "#bronnen", (old, fresh) => old.replaceWith(fresh));
    replace(page, "#stand", (old, fresh) => {
      /* only when it changed: a screen reader announces every change */
      if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
    });
    window.setTimeout(() => again().catch(() => {}), 1000);
  };

  const replace = (page, selector, change) => {
    const old = document.querySelector(selector);
    const fresh = page.querySelector(selector);
    if (old && fresh) change(old, fresh);
  };

  window.setTimeout(() => again().catch(() => {}), 500);
})();
