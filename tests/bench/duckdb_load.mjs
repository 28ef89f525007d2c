// DuckDB loads a file into one flat table of a database file: node duckdb_load.mjs FILE DATABASE THREADS
// Prints the number of rows and the sum of their talking times, then 'seconds WALL CPU' of loading and writing only.
import {DuckDBInstance} from '@duckdb/node-api';

const [file, database, threads] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database, {threads});
const connection = await instance.connect();
const cpu_before = process.cpuUsage();
const started = process.hrtime.bigint();
await connection.run(`CREATE TABLE dialog AS SELECT * FROM read_json('${file.replaceAll("'", "''")}')`);
await connection.run('CHECKPOINT');
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const cpu = process.cpuUsage(cpu_before);  // of all threads, in microseconds
const answer = await connection.runAndReadAll('SELECT count(*), sum(talking_time) FROM dialog');
for (const row of answer.getRowsJson()) console.log(row.join('|'));
console.log(`seconds ${seconds.toFixed(3)} ${((cpu.user + cpu.system) / 1e6).toFixed(3)}`);
