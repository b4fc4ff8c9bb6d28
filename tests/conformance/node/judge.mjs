// Judges flattened JWS files by npm jose: argument is a text file with a file per line; prints one JSON object with a word
// per file. The key is that of the first certificate in the header, the algorithms are those with which we seal.
import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { flattenedVerify } from "jose";

const ALGORITHMS = ["ES256", "ES384", "PS256"];

function keyOf(jws) {
  const header = JSON.parse(Buffer.from(jws.protected, "base64url").toString("utf8"));
  return new X509Certificate(Buffer.from(header.x5c[0], "base64")).publicKey;
}

async function judge(file) {
  let jws, key;
  try {
    jws = JSON.parse(readFileSync(file, "utf8"));
    key = keyOf(jws);
  } catch {
    return "no key";
  }
  try {
    await flattenedVerify(jws, key, { algorithms: ALGORITHMS });
    return "good";
  } catch {
    return "refused";
  }
}

const words = {};
for (const file of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  words[file] = await judge(file);
}
console.log(JSON.stringify(words));
