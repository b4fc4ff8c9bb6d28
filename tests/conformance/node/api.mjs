// An app on npm jose alone. Standard input: one JSON object with `url` of the service, an access `token`, `dpopKey` (private JWK)
// and a `proof` that our own test app made. Standard output: one JSON object with what jose read, after checking all of it.
import { readFileSync } from "node:fs";
import { X509Certificate, randomUUID, createHash } from "node:crypto";
import {
  EmbeddedJWK, SignJWT, calculateJwkThumbprint, createRemoteJWKSet, decodeProtectedHeader, flattenedVerify, importJWK, jwtVerify,
} from "jose";

const { url, token, dpopKey, proof } = JSON.parse(readFileSync(0, "utf8"));
const metadata = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));

const access = await jwtVerify(token, keys, {
  typ: "at+jwt",
  issuer: metadata.issuer,
  audience: `${url}/api/v1`,
  algorithms: ["ES256", "PS256"],
  requiredClaims: ["iss", "azp", "exp", "jti", "iat", "sub", "client_id", "cnf", "acr", "auth_time", "scope"],
});
const shown = await jwtVerify(proof, EmbeddedJWK, {
  typ: "dpop+jwt", algorithms: ["ES256"], requiredClaims: ["htm", "htu", "iat", "jti", "ath"], maxTokenAge: "5 minutes",
});
const tiedTo = await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk);

const key = await importJWK(dpopKey, "ES256");
const { kty, crv, x, y } = dpopKey;
let nonce;
async function call(method, path, accept) {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const made = await new SignJWT({
      htm: method, htu: `${url}${path}`, ath: createHash("sha256").update(token).digest("base64url"), ...(nonce && { nonce }),
    })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } })
      .setJti(randomUUID()).setIssuedAt().sign(key);
    const answer = await fetch(`${url}${path}`, {
      method, headers: { Authorization: `DPoP ${token}`, DPoP: made, Accept: accept },
    });
    nonce = answer.headers.get("dpop-nonce") ?? nonce;
    if (answer.status !== 401) return answer;
  }
  throw new Error("our own proof is not taken");
}

const started = await (await call("POST", "/api/v1/schuldenoverzichten", "application/json")).json();
const place = `/api/v1/schuldenoverzichten/${started.id}`;
let progress = started;
while (progress.stand !== "klaar") {
  await new Promise((done) => setTimeout(done, 500));
  progress = await (await call("GET", `${place}/voortgang`, "application/json")).json();
}
const answer = await call("GET", place, "application/jose+json");
const sealed = await answer.json();
const header = JSON.parse(Buffer.from(sealed.protected, "base64url"));
const certificate = new X509Certificate(Buffer.from(header.x5c[0], "base64"));
const opened = await flattenedVerify(sealed, certificate.publicKey, { algorithms: ["ES256", "ES384", "PS256"] });
const refused = await flattenedVerify({ ...sealed, payload: sealed.payload.slice(0, -4) + "AAAA" }, certificate.publicKey)
  .then(() => "accepted", (error) => error.code);

console.log(JSON.stringify({
  claims: access.payload,
  algorithm: access.protectedHeader.alg,
  proof: shown.payload,
  tiedTo,
  form: answer.headers.get("content-type"),
  number: JSON.parse(Buffer.from(opened.payload)).documentnummer,
  refused,
}));
