// Opens a report of a citizen by npm jose: arguments are a private key (PKCS#8 PEM), its algorithm and a file; prints the JSON.
import { readFileSync } from "node:fs";
import { createPrivateKey } from "node:crypto";
import { compactDecrypt } from "jose";

const [, , keyFile, algorithm, file] = process.argv;
const options = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: ["A256GCM"] };
const { plaintext } = await compactDecrypt(readFileSync(file, "utf8"), createPrivateKey(readFileSync(keyFile)), options);
process.stdout.write(plaintext);
