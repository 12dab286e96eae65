// isomorphic-git as a client: clone URL FOLDER [DEPTH], fetch URL FOLDER, push URL FOLDER REF. USER and TOKEN are in the environment.

import fs from "node:fs";
import git from "isomorphic-git";
import http from "isomorphic-git/http/node";

const [verb, url, dir, last] = process.argv.slice(2);
const all = {
  fs,
  http,
  url,
  dir,
  onAuth: () => ({ username: process.env.USER, password: process.env.TOKEN }),
  onMessage: (message) => process.stderr.write(message),
};
const verbs = {
  clone: () => git.clone({ ...all, ref: "main", singleBranch: true, depth: last && Number(last) }),
  fetch: () => git.fetch({ ...all, remote: "origin", ref: "main", singleBranch: true }),
  push: () => git.push({ ...all, remote: "origin", ref: "main", remoteRef: last }),
};

try {
  const result = await verbs[verb]();
  const refused = Object.values(result?.refs ?? {}).filter((ref) => !ref.ok);
  if (result?.error || refused.length > 0) {
    throw new Error(JSON.stringify(result));
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
