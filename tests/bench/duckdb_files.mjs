// DuckDB answers one question about a file of JSON whose format and columns are given: node duckdb_files.mjs FILE THREADS COLUMNS SQL
// COLUMNS is a JSON object of names and types; in SQL the file is called `file`. Prints seconds, processor seconds and rows as JSON.
import {DuckDBInstance} from '@duckdb/node-api';

const [file, threads, columns, sql] = process.argv.slice(2);
const types = Object.entries(JSON.parse(columns)).map(([name, type]) => `${name}: '${type}'`).join(', ');
const source = `read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {${types}})`;
const instance = await DuckDBInstance.create(':memory:', {threads});
const connection = await instance.connect();
const cpu_before = process.cpuUsage();
const started = process.hrtime.bigint();
const rows = (await connection.runAndReadAll(sql.replaceAll('{file}', source))).getRowsJson();
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const cpu = process.cpuUsage(cpu_before);  // of all threads, in microseconds
console.log(JSON.stringify({seconds, cpu: (cpu.user + cpu.system) / 1e6, rows: rows.map((row) => row.map(String))}));
