// Makes one measurement of DuckDB: node duckdb.mjs FILE THREADS plain|columns
// Prints the answer as sqlite3 would, one row per line, then 'seconds WALL CPU' of the query only.
//
//   plain    read_json(FILE): DuckDB detects the format and columns itself, as in a typical query
//   columns  its best case: the format and the two columns are given, and nothing has to be detected
import {DuckDBInstance} from '@duckdb/node-api';

const [file, threads, form] = process.argv.slice(2);
const quoted = `'${file.replaceAll("'", "''")}'`;
const source = {
  plain: `read_json(${quoted})`,
  columns: `read_json(${quoted}, format = 'newline_delimited',
                      columns = {business_direction: 'VARCHAR', talking_time: 'BIGINT'})`,
}[form];

const instance = await DuckDBInstance.create(':memory:', {threads});
const connection = await instance.connect();
const cpu_before = process.cpuUsage();
const started = process.hrtime.bigint();
const answer = await connection.runAndReadAll(
    `SELECT business_direction, count(*), sum(talking_time) FROM ${source} GROUP BY 1 ORDER BY 1`);
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const cpu = process.cpuUsage(cpu_before);  // of all threads, in microseconds
for (const row of answer.getRowsJson()) console.log(row.join('|'));
console.log(`seconds ${seconds.toFixed(3)} ${((cpu.user + cpu.system) / 1e6).toFixed(3)}`);
