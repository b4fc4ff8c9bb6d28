// An app back end on npm openid-client and oauth4webapi. Standard input: one JSON object with settings, then the address at
// which the browser came back. Standard output: one JSON object per line. Exit code 0: all that these libraries check holds.
import { createInterface } from "node:readline";
import { createPrivateKey } from "node:crypto";
import * as client from "openid-client";
import * as oauth from "oauth4webapi";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => (await lines.next()).value;
const tell = (members) => console.log(JSON.stringify(members));
const settings = JSON.parse(await next());
const insecure = { [oauth.allowInsecureRequests]: true };

async function signingKey() {
  const jwk = createPrivateKey(settings.key).export({ format: "jwk" });
  return crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}

function configured(id, key) {
  return client.discovery(new URL(settings.issuer), id, undefined, client.PrivateKeyJwt({ key, kid: "een" }), {
    algorithm: "oauth2",
    execute: [client.allowInsecureRequests],
  });
}

const refused = async (work) => {
  try {
    await work();
    return "accepted";
  } catch (error) {
    return error.error ?? error.code ?? String(error);
  }
};

const config = await configured(settings.client_id, await signingKey());
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));

async function begin() {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const address = await client.buildAuthorizationUrlWithPAR(
    config,
    {
      redirect_uri: settings.redirect_uri,
      scope: "schuldenoverzicht",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
    },
    { DPoP },
  );
  tell({ authorize: address.href });
  return { callback: new URL(await next()), checks: { pkceCodeVerifier: verifier, expectedState: state } };
}

// The citizen says yes.
const first = await begin();
const tokens = await client.authorizationCodeGrant(config, first.callback, first.checks, undefined, { DPoP });
tell({ tokens: { ...tokens, access_token: tokens.access_token.length } });

// The token, judged as an API that knows nothing but the metadata (RFC 9068, RFC 9449).
const as = config.serverMetadata();
let seen;
const captured = await configured(settings.client_id, await signingKey());
captured[client.customFetch] = async (url, options) => {
  seen = new Request(url, { method: options.method, headers: options.headers });
  return new Response(null, { status: 204 });
};
await client.fetchProtectedResource(captured, tokens.access_token, new URL(settings.api), "GET", undefined, undefined, {
  DPoP,
});
const claims = await oauth.validateJwtAccessToken(as, seen, settings.audience, { requireDPoP: true, ...insecure });
tell({ claims });

// The API itself takes it: collecting begins, and an address tells where the overview will be.
const made = await client.fetchProtectedResource(
  config, tokens.access_token, new URL(settings.api), "POST", undefined, undefined, { DPoP });
tell({ made: made.status, at: made.headers.get("location") });

// A gateway asks what it says; the app gives it back; the gateway asks again.
const gateway = await configured(settings.gateway_id, await signingKey());
const before = await client.tokenIntrospection(gateway, tokens.access_token);
await client.tokenRevocation(config, tokens.access_token);
tell({ before, after: await client.tokenIntrospection(gateway, tokens.access_token) });
const late = await refused(() =>
  client.fetchProtectedResource(config, tokens.access_token, new URL(settings.api), "POST", undefined, undefined, { DPoP }));
tell({ late });

// A code that was used gives nothing, and a code with another verifier neither.
tell({ again: await refused(() => client.authorizationCodeGrant(config, first.callback, first.checks, undefined, { DPoP })) });
const second = await begin();
const other = { ...second.checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
tell({ verifier: await refused(() => client.authorizationCodeGrant(config, second.callback, other, undefined, { DPoP })) });

// The citizen says no.
const third = await begin();
tell({ no: await refused(() => client.authorizationCodeGrant(config, third.callback, third.checks, undefined, { DPoP })) });
process.exit(0);
