// The certified npm oidc-provider as the judge of our log-in: reads its settings (JSON) from standard input, prints its
// issuer when it listens. Whoever logs in is decided by the form of the test; nobody else can reach it.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { Provider } from "oidc-provider";

const settings = JSON.parse(readFileSync(0, "utf8"));
const encryption = { alg: "RSA-OAEP-256", enc: "A256GCM" };
const method = settings.mtls?.method ?? "private_key_jwt";
// The certificate that we registered there.
const known = settings.mtls && new X509Certificate(settings.mtls.certificate);
if (known) {
  const key = known.publicKey.export({ format: "jwk" });
  settings.client_jwks.keys.push({ ...key, use: "sig", x5c: [known.raw.toString("base64")] });
}
const subjectOf = (certificate) => certificate.subject.split("\n").join(",");

const client = {
  client_id: settings.client_id,
  redirect_uris: settings.redirect_uris,
  post_logout_redirect_uris: settings.post_logout_redirect_uris,
  backchannel_logout_uri: settings.backchannel_logout_uri,
  backchannel_logout_session_required: settings.sid_in_logout,
  token_endpoint_auth_method: method,
  ...(method === "private_key_jwt" && { token_endpoint_auth_signing_alg: "PS256" }),
  ...(method === "tls_client_auth" && { tls_client_auth_subject_dn: subjectOf(known) }),
  ...(settings.mtls && { tls_client_certificate_bound_access_tokens: true }),
  jwks: settings.client_jwks,
  id_token_signed_response_alg: "PS256",
  userinfo_signed_response_alg: "PS256",
  userinfo_encrypted_response_alg: encryption.alg,
  userinfo_encrypted_response_enc: encryption.enc,
  require_auth_time: true,
  ...(settings.encrypt_id_token && {
    id_token_encrypted_response_alg: encryption.alg,
    id_token_encrypted_response_enc: encryption.enc,
  }),
};

const configuration = {
  clients: [client],
  jwks: { keys: settings.provider_keys },
  cookies: { keys: ["alleen voor tests"] },
  scopes: ["openid", "bsn"],
  claims: { acr: null, auth_time: null, iss: null, openid: ["sub"], bsn: ["bsn"] },
  acrValues: settings.levels,
  pkce: { required: () => true },
  subjectTypes: ["public"],
  responseTypes: ["code"],
  clientAuthMethods: [method],
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: settings.par, requirePushedAuthorizationRequests: settings.par },
    backchannelLogout: { enabled: true },
    ...(settings.mtls && {
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: method === "tls_client_auth",
        selfSignedTlsClientAuth: method === "self_signed_tls_client_auth",
        getCertificate: (ctx) => ctx.socket.getPeerX509Certificate?.(),
        certificateAuthorized: (ctx) => ctx.socket.authorized,
        certificateSubjectMatches: (ctx, _property, expected) =>
          subjectOf(ctx.socket.getPeerX509Certificate()) === expected,
      },
    }),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `<!doctype html>${form}<button form="op.logoutForm" name="logout" value="yes">Ja</button>`;
      },
    },
  },
  enabledJWA: {
    clientAuthSigningAlgValues: ["PS256"],
    idTokenSigningAlgValues: ["PS256"],
    userinfoSigningAlgValues: ["PS256"],
    idTokenEncryptionAlgValues: ["RSA-OAEP-256"],
    idTokenEncryptionEncValues: ["A256GCM"],
    userinfoEncryptionAlgValues: ["RSA-OAEP-256"],
    userinfoEncryptionEncValues: ["A256GCM"],
  },
  // Its own guard refuses loopback and gives up after seconds; here is nothing else, on a machine that may be busy.
  fetch: (url, { dispatcher, signal, ...options }) => globalThis.fetch(url, options),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, bsn: settings.numbers[id], acr: undefined }),
  }),
  async loadExistingGrant(ctx) {
    const { provider, client: asking, session } = ctx.oidc;
    const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid bsn");
    await grant.save();
    return grant;
  },
};

// Browsers call one port; programs that show a certificate call another, named in `mtls_endpoint_aliases` (RFC 8705, section 5).
const programs = settings.mtls && createTlsServer({ ...settings.mtls.tls, requestCert: true, rejectUnauthorized: false });
if (programs) {
  await new Promise((listens) => programs.listen(0, "127.0.0.1", listens));
  const address = `https://127.0.0.1:${programs.address().port}`;
  configuration.discovery = {
    mtls_endpoint_aliases: {
      token_endpoint: `${address}/token`,
      userinfo_endpoint: `${address}/me`,
      pushed_authorization_request_endpoint: `${address}/request`,
    },
  };
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.on("server_error", (_ctx, error) => console.error(error));
  for (const event of ["grant.error", "pushed_authorization_request.error", "authorization.error", "backchannel.error"]) {
    provider.on(event, (_ctx, error) => console.error(`${event}: ${error.message}: ${error.error_description}`));
  }
  const answer = provider.callback();
  programs?.on("request", answer);
  server.on("request", (request, response) => {
    if (request.url.startsWith("/interaction/")) interact(provider, request, response);
    else answer(request, response);
  });
  console.log(issuer);
});

async function interact(provider, request, response) {
  if (request.method !== "POST") {
    const { params } = await provider.interactionDetails(request, response);
    response.end(`<!doctype html><input type="hidden" name="params" value="${encodeURIComponent(JSON.stringify(params))}">`);
    return;
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const result = form.has("annuleren")
    ? { error: "access_denied" }
    : { login: { accountId: form.get("burger"), acr: form.get("niveau"), remember: true } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
