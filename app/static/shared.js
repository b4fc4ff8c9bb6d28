/* A link brings the code behind "#": browsers do not send that part. It goes into the field, and out of the address. */
"use strict";

(() => {
  const field = document.getElementById("code");
  const code = decodeURIComponent(window.location.hash.slice(1));
  if (!field || !code || code.length > 64) return;
  field.value = code;
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("naam").focus();
})();
