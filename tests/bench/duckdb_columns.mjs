// DuckDB answers questions about a CSV file that it has read into a table in memory: node duckdb_columns.mjs FILE THREADS SQL…
// Prints for each question the median of 5 in seconds, and its rows.
import {DuckDBInstance} from '@duckdb/node-api';

const [file, threads, ...questions] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', {threads});
const connection = await instance.connect();
await connection.run(`CREATE TABLE interaction AS SELECT * FROM read_csv('${file.replaceAll("'", "''")}', header = true)`);
for (const question of questions) {
  const seconds = [];
  let rows;
  for (let round = 0; round < 5; ++round) {
    const started = process.hrtime.bigint();
    rows = (await connection.runAndReadAll(question)).getRowsJson();
    seconds.push(Number(process.hrtime.bigint() - started) / 1e9);
  }
  console.log(JSON.stringify({seconds: seconds.sort((a, b) => a - b)[2], rows: rows.length}));
}
