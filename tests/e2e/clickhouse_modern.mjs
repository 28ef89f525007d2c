// ClickHouse's HTTP interface in front of the npm package chdb, which runs the current ClickHouse in this process. It supports as much as
// cdr push uses. node clickhouse_modern.mjs FOLDER; writes its port to FOLDER/port when it listens.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { writeFileSync, unlinkSync, renameSync } from 'node:fs';

const folder = process.argv[2];
const { Session } = createRequire(`${process.cwd()}/`)('chdb');
const session = new Session(`${folder}/data`);
let number = 0;
let settings = '';

// A server accepts these settings with each query; the session keeps them.
function set(parameters) {
  const asked = [...parameters].filter(([name]) => name.startsWith('max_')).map(([name, value]) => `${name} = ${Number(value)}`).join(', ');
  if (asked !== '' && asked !== settings) session.query(`SET ${asked}`);
  settings = asked || settings;
}

function answer(url, body, encoding) {
  const parameters = new URL(url, 'http://localhost').searchParams;
  set(parameters);
  const sql = parameters.get('query');
  const sent = encoding === 'gzip' ? gunzipSync(body) : body;
  if (sql === null) return session.query(sent.toString(), 'TabSeparated') ?? '';
  const rows = `${folder}/rows${++number}`;
  writeFileSync(rows, sent);
  try {
    return session.query(sql.replace(/ FORMAT RowBinary$/, ` FROM INFILE '${rows}' FORMAT RowBinary`), 'TabSeparated') ?? '';
  } finally {
    unlinkSync(rows);
  }
}

createServer((request, response) => {
  const pieces = [];
  request.on('data', piece => pieces.push(piece));
  request.on('end', () => {
    try {
      response.end(answer(request.url, Buffer.concat(pieces), request.headers['content-encoding']));
    } catch (error) {
      response.statusCode = 500;
      response.end(`Code: 0. ${error.message}\n`);
    }
  });
}).listen(0, '127.0.0.1', function () {
  writeFileSync(`${folder}/port.new`, String(this.address().port));
  renameSync(`${folder}/port.new`, `${folder}/port`);
});
